package io.gradstream.load.golden;

import io.gradstream.autodiff.op.Literal;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** An operation under the name by which the engine's tests know it, its operands, and how libtorch computes it. */
record GoldenCase(String name, List<Literal> operands, Operation operation) {

    /** The operation in libtorch's words. */
    interface Operation {
        Tensor apply(List<Tensor> operands);
    }

    static GoldenCase golden(String name, Operation operation, Literal... operands) {
        return new GoldenCase(name, List.of(operands), operation);
    }
}
