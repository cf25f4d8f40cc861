package io.gradstream.autodiff.op;

import java.util.List;

/**
 * A kernel that overwrites some of its operands and gives the first of them its new version as the result, in the same
 * memory. It has no derivatives, and dead-code elimination keeps it.
 */
public sealed interface InPlace extends Kernel
        permits Accumulate,
                AccumulateRows,
                AddNoise,
                AddProduct,
                AddRowNoise,
                AverageWeights,
                CloseRows,
                Fill,
                OptimizerUpdate,
                RowByRow,
                ScaleAndClip,
                TableUpdate,
                TallyLoss,
                UpdateAndClear {

    /** The indices of the operands this writes to; the first is always among them. */
    default List<Integer> overwrites() {
        return List.of(0);
    }
}
