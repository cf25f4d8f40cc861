package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Range;

/** Noise for the gradients, which goes away as training goes on. */
@Doc("Noise for the gradients, after clipping, of the variance variance / (1 + steps)^decay.")
public record GradientNoiseSettings(
        @Doc("The variance in the first step.") @Range(above = 0)
        double variance,

        @Doc("How fast the variance falls with the steps.") @Default("0.55") @Range(min = 0)
        double decay) {}
