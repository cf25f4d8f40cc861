package io.gradstream.config;

import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Matches;

/** What the model learns to predict. */
@Doc("What the model learns to predict.")
public record LabelSettings(
        @Doc(
                "The column with the answers: 0 or 1 for binary-cross-entropy, a class number for cross-entropy, a number for mse.")
        @Matches(pattern = Names.TEXT, words = Names.TEXT_WORDS)
        String column) {}
