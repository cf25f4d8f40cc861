package io.gradstream.config;

/** Which slices of the weights a version carries. */
public enum WeightsMode {
    /** All of them. */
    FULL,
    /** Those that changed since the version before. */
    DELTA
}
