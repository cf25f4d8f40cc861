package io.gradstream.autodiff.step;

import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;

/** Everything that fixes the arithmetic of a training step. The loss scale counts with {@link Precision#FP16} only. */
public record StepSpec(
        ModelSpec model,
        Loss loss,
        OptimizerSpec optimizer,
        Clip clip,
        Precision precision,
        LossScale lossScale,
        int microBatch,
        int accumulate,
        long seed) {
    public StepSpec {
        if (microBatch < 1 || accumulate < 1) {
            throw new IllegalArgumentException(
                    "a step must have rows: microBatch=" + microBatch + " accumulate=" + accumulate);
        }
        if (loss == Loss.CROSS_ENTROPY && model.outputs() < 2) {
            throw new IllegalArgumentException("cross-entropy needs at least two outputs: outputs=" + model.outputs());
        }
        if (loss != Loss.CROSS_ENTROPY && model.outputs() != 1) {
            throw new IllegalArgumentException(
                    "a model with one label has one output: loss=" + loss + " outputs=" + model.outputs());
        }
    }

    /** What the weighted losses of a step are divided by before backward: the number of rows of a full step. */
    public double divisor() {
        return (double) microBatch * accumulate;
    }
}
