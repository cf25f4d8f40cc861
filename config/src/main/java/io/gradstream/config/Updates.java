package io.gradstream.config;

/** When rows change the weights. */
public enum Updates {
    STEP,
    ROW
}
