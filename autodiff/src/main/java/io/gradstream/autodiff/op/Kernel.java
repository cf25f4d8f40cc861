package io.gradstream.autodiff.op;

/** An operation that a device computes; every device has a switch over these without default. */
public sealed interface Kernel extends Op
        permits Elementwise,
                Reduction,
                Rowwise,
                Movement,
                Contraction,
                Lookup,
                Stochastic,
                Cast,
                GradientHealth,
                RowsHealth,
                InPlace,
                Fused {}
