package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.op.Fused;
import io.gradstream.autodiff.op.Linear;
import io.gradstream.autodiff.op.LinearActivation;
import io.gradstream.autodiff.op.Rounded;
import io.gradstream.autodiff.op.SlopeProduct;
import io.gradstream.autodiff.op.SlopeSum;
import io.gradstream.autodiff.op.Unary;
import java.util.List;

/** Fused kernels as what they stand for, one after the other. */
final class FusedKernels {

    private FusedKernels() {}

    static Runnable prepare(Fused op, List<Array> inputs, Array y) {
        return switch (op) {
            case LinearActivation(Unary activation) -> linearActivation(activation, inputs, y);
            case SlopeProduct(SlopeProduct.Activation activation) ->
                slopeProduct(activation, inputs.get(0), inputs.get(1), y);
            case SlopeSum(SlopeProduct.Activation activation) -> slopeSum(activation, inputs.get(0), inputs.get(1), y);
            case Rounded(Fused kernel, DType _) -> rounded(kernel, inputs, y);
        };
    }

    private static Runnable linearActivation(Unary activation, List<Array> inputs, Array y) {
        Runnable linear = ContractionKernels.prepare(new Linear(), inputs, y);
        return () -> {
            linear.run();
            for (int i = 0; i < y.size(); i++) {
                y.set(i, activation.apply(y.get(i)));
            }
        };
    }

    private static Runnable rounded(Fused kernel, List<Array> inputs, Array y) {
        Array exact = new Array(new ReferenceMemory(y.size() * (long) Double.BYTES), 0, y.shape(), DType.F64);
        Runnable compute = prepare(kernel, inputs, exact);
        return () -> {
            compute.run();
            for (int i = 0; i < y.size(); i++) {
                y.set(i, exact.get(i));
            }
        };
    }

    private static Runnable slopeSum(SlopeProduct.Activation activation, Array cotangent, Array result, Array y) {
        return () -> {
            for (int column = 0; column < y.size(); column++) {
                double sum = 0;
                for (int i = column; i < cotangent.size(); i += y.size()) {
                    sum += cotangent.get(i) * activation.slope(result.get(i));
                }
                y.set(column, sum);
            }
        };
    }

    private static Runnable slopeProduct(SlopeProduct.Activation activation, Array cotangent, Array result, Array y) {
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                y.set(i, cotangent.get(i) * activation.slope(result.get(i)));
            }
        };
    }
}
