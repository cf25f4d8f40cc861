package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.AdafactorUpdate;
import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.QuantizedAdamUpdate;
import java.util.List;

/** The choice of an optimizer's kernel on vectors of F32. */
final class VectorUpdates {
    private VectorUpdates() {}

    static PreparedCall update(OptimizerUpdate op, List<Operand> operands, Workspace workspace) {
        return switch (op) {
            case ElementwiseUpdate rule -> new VectorElementwise(rule, false, operands, workspace);
            case AdafactorUpdate adafactor -> new VectorAdafactor(adafactor, operands, workspace);
            case QuantizedAdamUpdate adam ->
                VectorQuantizedAdam.isAvailable()
                        ? new VectorQuantizedAdam(adam, operands, workspace)
                        : adam.walk(operands)::run;
        };
    }
}
