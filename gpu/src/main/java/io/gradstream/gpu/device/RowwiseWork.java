package io.gradstream.gpu.device;

import static io.gradstream.gpu.device.CudaMemory.address;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.Deflate;
import io.gradstream.autodiff.op.InverseDeviation;
import io.gradstream.autodiff.op.LogSoftmax;
import io.gradstream.autodiff.op.OneHot;
import io.gradstream.autodiff.op.Rowwise;
import io.gradstream.autodiff.op.Softmax;
import io.gradstream.autodiff.op.SoftmaxCrossEntropy;
import io.gradstream.autodiff.op.Standardize;
import io.gradstream.autodiff.op.Visibility;
import io.gradstream.gpu.driver.Arguments;
import io.gradstream.gpu.driver.Grid;

/** Functions of whole rows: {@code rowwise.cu}. */
final class RowwiseWork {
    private static final String MODULE = "rowwise";

    private RowwiseWork() {}

    static void add(Rowwise op, Call call, Workshop shop) {
        if (call.output().size() == 0) {
            return;
        }
        switch (op) {
            case Softmax _, LogSoftmax _ -> rows(op, call, shop, shop.arguments());
            case SoftmaxCrossEntropy _ -> crossEntropy(op, call, shop);
            case Standardize(boolean centered, double epsilon) ->
                rows(op, call, shop, shop.arguments().flag(centered).number(epsilon));
            case InverseDeviation(boolean centered, double epsilon) ->
                rows(op, call, shop, shop.arguments().flag(centered).number(epsilon));
            case Deflate(boolean centered) ->
                rows(op, call, shop, shop.arguments().flag(centered));
            case Visibility visibility -> visibility(visibility, call, shop);
            case OneHot(int classes, var _) -> MovementWork.oneHot(classes, call, shop);
        }
    }

    /** A function of the rows of its operands, given what follows their number and length. */
    private static void rows(Rowwise op, Call call, Workshop shop, Arguments settings) {
        Buffer x = call.input(0);
        int columns = x.type().shape().dim(-1);
        long rows = x.type().shape().leading(1).size();
        Arguments arguments = shop.arguments();
        call.inputs().forEach(input -> arguments.address(address(input)));
        shop.launch(
                MODULE,
                Workshop.kernel(op.name(), x.type().dtype()),
                Grid.rows(rows, columns),
                arguments
                        .address(address(call.output()))
                        .number(rows)
                        .number(columns)
                        .and(settings));
    }

    private static void crossEntropy(Rowwise op, Call call, Workshop shop) {
        Buffer logits = call.input(0);
        int columns = logits.type().shape().dim(1);
        long rows = call.output().size();
        shop.launch(
                MODULE,
                Workshop.kernel(op.name(), logits.type().dtype()),
                Grid.rows(rows, columns),
                shop.arguments()
                        .address(address(logits))
                        .address(address(call.input(1)))
                        .address(address(call.output()))
                        .number(rows)
                        .number(columns)
                        .address(shop.faults()));
    }

    private static void visibility(Visibility op, Call call, Workshop shop) {
        long elements = call.output().size();
        shop.launch(
                MODULE,
                "visibility",
                Grid.elements(elements),
                shop.arguments()
                        .address(call.inputs().isEmpty() ? 0 : address(call.input(0)))
                        .address(address(call.output()))
                        .number(elements)
                        .number(op.queries())
                        .number(op.keys())
                        .flag(op.causal())
                        .address(shop.faults()));
    }
}
