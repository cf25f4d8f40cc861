package io.gradstream.autodiff.op;

/** Rows chosen or collected by number; the numbers carry no gradient. Row numbers must lie within the table. */
public sealed interface Lookup extends Kernel, Differentiable
        permits Embedding, ScatterAddRows, BagCombine, BagSpread, Gather, ScatterAdd {}
