package io.gradstream.autodiff.op;

/**
 * Several operations computed in one pass. A plan puts a fused kernel in place of them where its device says that it has it, and the
 * result has the same bits. A tape's derivatives are made before, so that fused kernels need none.
 */
public sealed interface Fused extends Kernel permits LinearActivation, SlopeProduct, SlopeSum, Rounded {}
