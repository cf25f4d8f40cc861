package io.gradstream.load.bench;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.op.AccumulateRows;
import io.gradstream.autodiff.op.AddProduct;
import io.gradstream.autodiff.op.Cast;
import io.gradstream.autodiff.op.Contraction;
import io.gradstream.autodiff.op.Elementwise;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.LinearActivation;
import io.gradstream.autodiff.op.Lookup;
import io.gradstream.autodiff.op.Movement;
import io.gradstream.autodiff.op.Reduction;
import io.gradstream.autodiff.op.Rounded;
import io.gradstream.autodiff.op.RowsHealth;
import io.gradstream.autodiff.op.Rowwise;
import io.gradstream.autodiff.op.SlopeProduct;
import io.gradstream.autodiff.op.SlopeSum;
import io.gradstream.autodiff.op.Stochastic;
import io.gradstream.autodiff.op.TableUpdate;

/** What the time of a step is spent on. */
enum Part {
    GEMM,
    ELEMENTWISE,
    EMBEDDING,
    OPTIMIZER,
    OVERHEAD;

    /** Where a kernel of a micro-batch belongs; everything in the plan that ends a step is optimizer. */
    static Part of(Kernel kernel) {
        return switch (kernel) {
            case Rounded(Kernel exact, DType _) -> of(exact);
            case Contraction _, AddProduct _, LinearActivation _ -> GEMM;
            case Lookup _, AccumulateRows _, RowsHealth _, TableUpdate _ -> EMBEDDING;
            case Elementwise _,
                    Reduction _,
                    Rowwise _,
                    Movement _,
                    Stochastic _,
                    Cast _,
                    GradientHealth _,
                    InPlace _,
                    SlopeProduct _,
                    SlopeSum _ -> ELEMENTWISE;
        };
    }
}
