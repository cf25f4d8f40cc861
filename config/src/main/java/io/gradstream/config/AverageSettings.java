package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Range;

/** A running average of the weights. */
@Doc("A running average of the weights.")
public record AverageSettings(
        @Doc("How much of the average each step keeps.") @Default("0.999") @Range(min = 0, below = 1)
        double decay) {}
