package io.gradstream.gpu.device;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.Fused;
import io.gradstream.autodiff.op.LinearActivation;
import io.gradstream.autodiff.op.Rounded;
import io.gradstream.autodiff.op.SlopeProduct;
import io.gradstream.autodiff.op.SlopeSum;
import io.gradstream.autodiff.op.Unary;
import io.gradstream.gpu.driver.Grid;

/** Kernels that stand for several: a layer with its activation, the way back through one, and both rounded. */
final class FusedWork {

    private FusedWork() {}

    static void add(Fused op, Call call, Workshop shop) {
        if (call.output().size() == 0) {
            return;
        }
        switch (op) {
            case LinearActivation(Unary activation) -> linearActivation(activation, call, shop);
            case SlopeProduct(SlopeProduct.Activation activation) -> slopeProduct(activation, call, shop);
            case SlopeSum(SlopeProduct.Activation activation) -> ReductionWork.slopeSum(activation, call, shop);
            case Rounded(Fused exact, DType _) -> rounded(exact, call, shop);
        }
    }

    private static void rounded(Fused exact, Call call, Workshop shop) {
        switch (exact) {
            case LinearActivation(Unary activation) -> roundedLinearActivation(activation, call, shop);
            case SlopeProduct(SlopeProduct.Activation activation) -> mixedSlopeProduct(activation, call, shop);
            case SlopeSum _, Rounded _ ->
                throw new IllegalArgumentException("a kernel must be one that plans round: kernel=" + exact);
        }
    }

    private static void roundedLinearActivation(Unary activation, Call call, Workshop shop) {
        Buffer y = call.output();
        long exact = shop.scratch(y.size() * Float.BYTES);
        ProductWork.matmul(false, true, call.input(0), call.input(1), y.type().with(DType.F32), exact, false, shop);
        ElementwiseWork.biasedAndRounded(activation, call.input(2), exact, y, shop);
    }

    private static void slopeProduct(SlopeProduct.Activation activation, Call call, Workshop shop) {
        if (call.input(1).type().equals(call.output().type())) {
            ElementwiseWork.broadcasting(activation.name() + "_slope_product", call, shop);
        } else {
            mixedSlopeProduct(activation, call, shop);
        }
    }

    /** One whose result or whose activation's result is rounded. */
    private static void mixedSlopeProduct(SlopeProduct.Activation activation, Call call, Workshop shop) {
        Buffer y = call.output();
        shop.launch(
                "slope",
                Workshop.kernel(
                                activation.name() + "_slope_product",
                                call.input(1).type().dtype())
                        + Workshop.suffix(y.type().dtype()),
                Grid.elements(y.size()),
                shop.arguments()
                        .address(CudaMemory.address(call.input(0)))
                        .address(CudaMemory.address(call.input(1)))
                        .address(CudaMemory.address(y))
                        .number(y.size()));
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
