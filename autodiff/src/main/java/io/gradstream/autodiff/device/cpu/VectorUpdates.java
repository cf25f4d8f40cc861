package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.AdafactorUpdate;
import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.QuantizedAdamUpdate;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import java.util.List;

/** The kernels of the training step on vectors of F32. */
final class VectorUpdates {
    private VectorUpdates() {}

    static PreparedCall gradientHealth(Segments segments, Operand gradients, Operand health) {
        Segment[] parts = segments.list().toArray(Segment[]::new);
        Squares squares = new Squares();
        return () -> {
            for (int row = 0; row < parts.length; row++) {
                long from = parts[row].offset() * Float.BYTES;
                PlainUpdates.report(
                        health, row, squares.sum(gradients.data(), from, Math.toIntExact(parts[row].size())));
            }
        };
    }

    static PreparedCall update(OptimizerUpdate op, List<Operand> operands, Workspace workspace) {
        return switch (op) {
            case ElementwiseUpdate rule -> new VectorElementwise(rule, operands, workspace);
            case AdafactorUpdate adafactor -> new VectorAdafactor(adafactor, operands, workspace);
            case QuantizedAdamUpdate adam ->
                VectorQuantizedAdam.isAvailable()
                        ? new VectorQuantizedAdam(adam, operands, workspace)
                        : adam.walk(operands)::run;
        };
    }
}
