package io.gradstream.config;

/** How a cross layer weighs its input. */
public enum CrossForm {
    MATRIX,
    VECTOR
}
