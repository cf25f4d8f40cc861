package io.gradstream.gpu.device;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.Fused;
import io.gradstream.autodiff.op.LinearActivation;
import io.gradstream.autodiff.op.SlopeProduct;
import io.gradstream.autodiff.op.Unary;

/** Kernels that stand for several: a layer with its activation, and the way back through one. */
final class FusedWork {

    private FusedWork() {}

    static void add(Fused op, Call call, Workshop shop) {
        if (call.output().size() == 0) {
            return;
        }
        switch (op) {
            case LinearActivation(Unary activation) -> linearActivation(activation, call, shop);
            case SlopeProduct(SlopeProduct.Activation activation) ->
                ElementwiseWork.broadcasting(activation.name() + "_slope_product", call, shop);
        }
    }

    private static void linearActivation(Unary activation, Call call, Workshop shop) {
        Buffer y = call.output();
        if (y.type().dtype() == DType.F32) {
            ProductWork.matmul(false, true, call.input(0), call.input(1), y, false, shop);
            ElementwiseWork.biased(activation, call.input(2), y, shop);
        } else {
            ProductWork.linear(call, shop);
            ElementwiseWork.unary(activation, y, y, shop);
        }
    }
}
