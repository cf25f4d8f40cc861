package io.gradstream.autodiff.op;

/** Elements change places; none is computed. Works on every element type. */
public sealed interface Movement extends Kernel, Differentiable permits Transpose, Broadcast, Slice, Concat, Pad {}
