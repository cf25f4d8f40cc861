package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Range;

/** What becomes of rows that make a step not finite. */
@Doc("What becomes of rows that make a step not finite.")
public record PoisonSettings(
        @Doc(
                "Whether the rows are looked for that make a loss or a gradient not finite: they go to the dead letters, and the step is"
                        + " taken without them. It costs nothing while steps are finite.")
        @Default("true")
        boolean blame,

        @Doc("How many forward and backward passes a search may take.") @Default("256") @Range(min = 2, max = 1 << 20)
        int tries,

        @Doc("What becomes of the rows of a step when the search finds nobody to blame: skip leaves the model as it is,"
                + " dead-letter sends all of them to the dead letters as well.")
        @Default("skip")
        Unresolved otherwise) {
    /** What becomes of rows of which none can be blamed. */
    public enum Unresolved {
        SKIP,
        DEAD_LETTER
    }
}
