package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;

/**
 * Counts a micro-batch in the control block, in double: MICRO_BATCHES += 1, and TOTAL_LOSS += Σ wᵢ·lossᵢ and TOTAL_WEIGHT += Σ wᵢ over the
 * rows with wᵢ ≠ 0, in ascending order; what a padding row's loss is does not matter. Operands: control block, losses[rows],
 * weights[rows].
 */
public record TallyLoss() implements InPlace {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 3);
        Rules.type(this, "control block", inputs.get(0), Control.block());
        Rules.dtype(this, inputs.get(1), DType.F32);
        Rules.rank(this, inputs.get(1), 1);
        Rules.type(this, "weights", inputs.get(2), inputs.get(1));
        return Control.block();
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new TallyLoss(), ControlSample.block(), Literal.wave(37), Literal.fraction(37)),
                Sample.of(new TallyLoss(), ControlSample.block(), Literal.of(1, 2, Double.NaN), Literal.of(1, 0.5, 0)));
    }
}
