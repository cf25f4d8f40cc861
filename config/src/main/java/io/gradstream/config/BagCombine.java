package io.gradstream.config;

/** How the vectors of a bag become one. */
public enum BagCombine {
    SUM,
    MEAN
}
