package io.gradstream.config;

import io.gradstream.config.yaml.Checked;
import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Findings;
import io.gradstream.config.yaml.Range;
import java.util.List;
import java.util.Optional;

/** Watches the progressive loss, micro-batch by micro-batch, for a change of the stream. */
@Doc("Watches the progressive loss, micro-batch by micro-batch, for a change of the stream.")
public record DriftSettings(
        @Doc("Adaptive windowing (Bifet and Gavaldà, 2007).")
        Optional<Adwin> adwin,

        @Doc("The Page-Hinkley test for a rise.") Optional<PageHinkley> pageHinkley,

        @Doc("Raises the learning rate for a while after a drift.")
        Optional<Boost> learningRate,

        @Doc(
                "Parameters that begin anew after a drift, by their names; * stands for any characters, as in mlp.2.*. Their moments begin"
                        + " at zero where the optimizer keeps them parameter by parameter.")
        @Default("[]")
        List<String> reset)
        implements Checked {
    public DriftSettings {
        reset = List.copyOf(reset);
    }

    @Override
    public void check(Findings findings) {
        if (adwin.isEmpty() && pageHinkley.isEmpty()) {
            findings.wrong("adwin", "must be given unless pageHinkley is", "none");
        }
    }

    /** Adaptive windowing. */
    @Doc("Adaptive windowing.")
    public record Adwin(
            @Doc("How sure it must be: the probability of a false alarm.")
            @Default("0.002")
            @Range(above = 0, below = 1)
            double delta,

            @Doc("After how many micro-batches the window is looked at.") @Default("8") @Range(min = 1, max = 1 << 20)
            int every,

            @Doc("The fewest micro-batches of a part of the window.") @Default("5") @Range(min = 1, max = 1 << 20)
            int minimum) {}

    /** The Page-Hinkley test. */
    @Doc("The Page-Hinkley test.")
    public record PageHinkley(
            @Doc("How much the loss may rise without counting.") @Default("0.005") @Range(min = 0)
            double delta,

            @Doc("What the sum of rises must exceed.") @Default("1") @Range(above = 0)
            double threshold,

            @Doc("The fewest micro-batches before it says anything.") @Default("30") @Range(min = 1, max = 1 << 20)
            int minimum,

            @Doc("How much of the sum each micro-batch keeps.") @Default("0.9999") @Range(above = 0, max = 1)
            double keep) {}

    /** A learning rate that is raised for a while. */
    @Doc("A learning rate that is raised for a while.")
    public record Boost(
            @Doc("What the learning rate is multiplied by.") @Default("3") @Range(above = 0)
            double factor,

            @Doc("For how many steps.") @Default("100") @Range(min = 1)
            long steps) {}
}
