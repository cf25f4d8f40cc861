package io.gradstream.config;

/** What brings the units of a hidden layer to one scale. */
public enum Normalization {
    NONE,
    BATCH,
    LAYER
}
