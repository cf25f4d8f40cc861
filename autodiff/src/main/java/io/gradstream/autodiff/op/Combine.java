package io.gradstream.autodiff.op;

/** How the rows of a bag become one row. */
public enum Combine {
    SUM,
    MEAN
}
