package io.gradstream.load.peer;

/** What kind of gradients libtorch's tables have, and so by which optimizer they are trained. */
public enum PeerTables {
    /** Gradients of the table's size, and the optimizer of the other parameters. */
    DENSE,
    /** {@code sparse=True}: gradients of touched rows, and SparseAdam. */
    SPARSE
}
