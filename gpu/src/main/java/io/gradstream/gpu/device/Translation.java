package io.gradstream.gpu.device;

import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.Attending;
import io.gradstream.autodiff.op.Cast;
import io.gradstream.autodiff.op.Contraction;
import io.gradstream.autodiff.op.Elementwise;
import io.gradstream.autodiff.op.Fused;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.op.Linear;
import io.gradstream.autodiff.op.Lookup;
import io.gradstream.autodiff.op.Matmul;
import io.gradstream.autodiff.op.Movement;
import io.gradstream.autodiff.op.Reduction;
import io.gradstream.autodiff.op.RowsHealth;
import io.gradstream.autodiff.op.Rowwise;
import io.gradstream.autodiff.op.Stochastic;

/** Calls of the engine's kernels as work for the card. */
final class Translation {

    private Translation() {}

    static void translate(Call call, Workshop shop) {
        switch (call.kernel()) {
            case Elementwise op -> ElementwiseWork.add(op, call, shop);
            case Reduction op -> ReductionWork.add(op, call, shop);
            case Rowwise op -> RowwiseWork.add(op, call, shop);
            case Movement op -> MovementWork.add(op, call, shop);
            case Contraction op -> contract(op, call, shop);
            case Lookup op -> LookupWork.add(op, call, shop);
            case Stochastic op -> StochasticWork.add(op, call, shop);
            case Cast _ -> MovementWork.cast(call, shop);
            case GradientHealth op -> StepWork.gradientHealth(op, call, shop);
            case Fused op -> FusedWork.add(op, call, shop);
            case RowsHealth _ -> TableWork.health(call, shop);
            case InPlace op -> StepWork.add(op, call, shop);
        }
    }

    private static void contract(Contraction op, Call call, Workshop shop) {
        switch (op) {
            case Matmul(boolean transposeA, boolean transposeB) ->
                ProductWork.matmul(transposeA, transposeB, call.input(0), call.input(1), call.output(), false, shop);
            case Linear _ -> ProductWork.linear(call, shop);
            case Attending attending -> AttentionWork.add(attending, call, shop);
        }
    }
}
