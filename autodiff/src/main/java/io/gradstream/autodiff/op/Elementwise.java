package io.gradstream.autodiff.op;

/**
 * A function of single elements, computed for all of them. Each states its scalar function once, so a device needs
 * no code of its own for it; kernels make it faster.
 */
public sealed interface Elementwise extends Kernel, Differentiable permits Unary, Binary, Where {}
