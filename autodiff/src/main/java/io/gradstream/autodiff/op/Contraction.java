package io.gradstream.autodiff.op;

/** A sum of products over a shared axis; half-precision operands are multiplied exactly and summed in F32. */
public sealed interface Contraction extends Kernel, Differentiable permits Matmul, Linear, Attending {}
