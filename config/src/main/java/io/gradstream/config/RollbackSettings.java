package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Range;

/** Takes a model that diverges back to its newest healthy checkpoint. */
@Doc("Takes a model that diverges back to its newest healthy checkpoint.")
public record RollbackSettings(
        @Doc(
                "How many deviations a gradient norm must lie above its running mean to be a spike (ZClip, arXiv 2504.02507).")
        @Default("4")
        @Range(above = 0)
        double spike,

        @Doc(
                "How many times worse than its best the recent progressive loss must be, with a spike among the recent steps.")
        @Default("2")
        @Range(above = 1)
        double worse,

        @Doc("After how many steps in a row from which nothing could be learned because they were not finite.")
        @Default("10")
        @Range(min = 1)
        int skipped,

        @Doc("Steps without divergence after which a rollback is over: until then the next one goes back further.")
        @Default("1000")
        @Range(min = 1)
        long patience,

        @Doc("The most rollbacks that follow each other; then training goes on as it is, until patience has passed.")
        @Default("3")
        @Range(min = 1, max = 1000)
        int limit,

        @Doc(
                "What becomes of the rows that were learned from since that checkpoint: skip leaves it at that, downweight learns from them"
                        + " once more, with less weight.")
        @Default("skip")
        Undone undone,

        @Doc("What the learning rate is multiplied by for rows that are learned from once more.")
        @Default("0.1")
        @Range(above = 0, max = 1)
        double weight) {
    /** What becomes of rows that a rollback has undone. */
    public enum Undone {
        SKIP,
        DOWNWEIGHT
    }
}
