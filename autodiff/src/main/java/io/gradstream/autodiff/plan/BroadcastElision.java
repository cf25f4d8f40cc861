package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.op.Binary;
import io.gradstream.autodiff.op.Broadcast;
import io.gradstream.autodiff.op.Kernel;
import io.gradstream.autodiff.op.SigmoidCrossEntropy;
import io.gradstream.autodiff.op.SigmoidError;
import io.gradstream.autodiff.op.Where;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Lets elementwise operations broadcast their operands themselves instead of reading a repeated copy. */
final class BroadcastElision {

    private BroadcastElision() {}

    static List<Step> apply(List<Step> steps) {
        return steps.stream().map(BroadcastElision::apply).toList();
    }

    private static Step apply(Step step) {
        if (!broadcasts(step.kernel())) {
            return step;
        }
        List<Tensor> inputs = new ArrayList<>(step.inputs());
        for (int i = 0; i < inputs.size(); i++) {
            Tensor before = inputs.get(i);
            if (before.op() instanceof Broadcast
                    && !before.storage().isOverwritten()
                    && isStable(before.inputs().get(0))) {
                inputs.set(i, before.inputs().get(0));
                if (!shape(inputs).equals(step.output().shape())) {
                    inputs.set(i, before);
                }
            }
        }
        return step.withInputs(inputs);
    }

    private static boolean broadcasts(Kernel kernel) {
        return switch (kernel) {
            case SigmoidCrossEntropy ignored -> false;
            case SigmoidError ignored -> false;
            case Binary ignored -> true;
            case Where ignored -> true;
            default -> false;
        };
    }

    /** Whether a value is the same whenever it is read. */
    private static boolean isStable(Tensor value) {
        return !value.storage().isOverwritten();
    }

    private static Shape shape(List<Tensor> operands) {
        return operands.stream().map(Tensor::shape).reduce(Shape.scalar(), Shape::broadcast);
    }
}
