package io.gradstream.autodiff.step;

/**
 * Which rows of a table an optimizer updates that also moves parameters without a gradient, by decaying moments or weights. One that leaves
 * those alone updates the touched rows only, and both are the same.
 */
public enum Embeddings {
    /** Every row, as PyTorch's dense optimizers do: a pass over the whole table in every step. */
    EXACT,
    /** The rows that the step's examples touched, as PyTorch's SparseAdam does: moments and weights of other rows stand still. */
    LAZY
}
