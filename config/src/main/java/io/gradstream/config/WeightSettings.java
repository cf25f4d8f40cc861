package io.gradstream.config;

import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Matches;

/** How much each row counts. */
@Doc("How much each row counts.")
public record WeightSettings(
        @Doc("The column with the weights: finite numbers that are not negative.")
        @Matches(pattern = Names.TEXT, words = Names.TEXT_WORDS)
        String column) {}
