package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.Binary;
import io.gradstream.autodiff.op.Elementwise;
import io.gradstream.autodiff.op.Unary;
import io.gradstream.autodiff.op.Where;
import java.util.List;

/** Scalar functions applied to every element. */
final class ElementwiseKernels {

    private ElementwiseKernels() {}

    static Runnable prepare(Elementwise op, List<Array> inputs, Array y) {
        return switch (op) {
            case Unary unary -> unary(unary, inputs.get(0), y);
            case Binary binary -> binary(binary, inputs.get(0), inputs.get(1), y);
            case Where where -> where(where, inputs.get(0), inputs.get(1), inputs.get(2), y);
        };
    }

    private static Runnable unary(Unary op, Array x, Array y) {
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                y.set(i, op.apply(x.get(i)));
            }
        };
    }

    private static Runnable binary(Binary op, Array a, Array b, Array y) {
        int[] fromA = a.broadcastTo(y.shape());
        int[] fromB = b.broadcastTo(y.shape());
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                y.set(i, op.apply(a.get(fromA[i]), b.get(fromB[i])));
            }
        };
    }

    private static Runnable where(Where op, Array condition, Array a, Array b, Array y) {
        int[] fromCondition = condition.broadcastTo(y.shape());
        int[] fromA = a.broadcastTo(y.shape());
        int[] fromB = b.broadcastTo(y.shape());
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                y.set(i, op.apply(condition.get(fromCondition[i]), a.get(fromA[i]), b.get(fromB[i])));
            }
        };
    }
}
