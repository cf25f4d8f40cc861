package io.gradstream.config;

/** Which rows of an embedding table an optimizer updates that also moves weights without a gradient. */
public enum Embeddings {
    EXACT,
    LAZY
}
