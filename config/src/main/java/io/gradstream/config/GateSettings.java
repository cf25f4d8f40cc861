package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Range;

/** What a version must be to be published; what is withheld goes out with the first version that passes. */
@Doc("What a version must be to be published; what is withheld goes out with the first version that passes.")
public record GateSettings(
        @Doc("How many times worse than its best the recent progressive loss may be.") @Default("1.5") @Range(min = 1)
        double worse,

        @Doc("The share of recent steps that may have been skipped.") @Default("0.5") @Range(min = 0, max = 1)
        double skipped,

        @Doc("How many deviations the last gradient norm may lie above its running mean.")
        @Default("10")
        @Range(above = 0)
        double spike,

        @Doc("For how many steps after a drift nothing is published; 0 for none.") @Default("0") @Range(min = 0)
        long drift) {}
