package io.gradstream.gpu.device;

import static io.gradstream.gpu.device.CudaMemory.address;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.CloseRows;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.op.RowByRow;
import io.gradstream.autodiff.op.RowInput;
import io.gradstream.autodiff.op.RowLoss;
import io.gradstream.gpu.driver.Grid;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Learning row after row, by one block of threads: {@code row_by_row.cu}. */
final class RowByRowWork {
    private static final String MODULE = "row_by_row";
    /** Where the inputs' operands begin: behind bias, weight, predictions, losses, sums, control block, labels and row weights. */
    private static final int FIRST_INPUT = 8;

    private static final long INPUT = 48;
    private static final long MODEL = 48;

    private RowByRowWork() {}

    static void add(RowByRow op, Call call, Workshop shop) {
        int outputs = Math.toIntExact(call.input(0).size());
        int width = op.inputs().stream().mapToInt(RowInput::width).sum();
        Buffer labels = call.input(6);
        long work = shop.scratch(Double.BYTES * (2L * width + 2L * outputs + op.parameters()));
        double[] rates = op.rates().stream().mapToDouble(Double::doubleValue).toArray();
        var arguments = shop.arguments();
        for (int operand = 0; operand <= 6; operand++) {
            arguments.address(address(call.input(operand)));
        }
        shop.launch(
                MODULE,
                "row_by_row",
                Grid.single(),
                arguments
                        .flag(labels.type().dtype() == DType.F32)
                        .address(address(call.input(7)))
                        .address(shop.constant(inputs(op, call, shop.arena())))
                        .address(shop.constant(shop.arena().allocateFrom(JAVA_DOUBLE, rates)))
                        .address(work)
                        .struct(model(op, call, width, outputs, shop.arena()))
                        .address(shop.faults()));
    }

    static void close(CloseRows op, Call call, Workshop shop) {
        StepWork.Squares squares = StepWork.squares(call.input(4), op.segments(), shop);
        var arguments = shop.arguments();
        for (int operand = 0; operand <= 3; operand++) {
            arguments.address(address(call.input(operand)));
        }
        shop.launch(
                MODULE,
                "close_rows",
                Grid.one(),
                squares.arguments(arguments)
                        .address(shop.constant(
                                op.order().stream().mapToInt(Integer::intValue).toArray()))
                        .number(op.order().size()));
    }

    private static MemorySegment model(RowByRow op, Call call, int width, int outputs, Arena arena) {
        MemorySegment struct = arena.allocate(MODEL, Long.BYTES);
        struct.setAtIndex(JAVA_INT, 0, Math.toIntExact(call.input(3).size()));
        struct.setAtIndex(JAVA_INT, 1, outputs);
        struct.setAtIndex(JAVA_INT, 2, width);
        struct.setAtIndex(JAVA_INT, 3, op.inputs().size());
        struct.setAtIndex(JAVA_INT, 4, op.parameters());
        struct.setAtIndex(JAVA_INT, 5, loss(op.loss()));
        struct.set(JAVA_DOUBLE, 24, op.loss() instanceof RowLoss.Huber(double delta) ? delta : 0);
        struct.set(JAVA_DOUBLE, 32, op.weightDecay());
        struct.set(JAVA_DOUBLE, 40, op.maxNorm());
        return struct;
    }

    /** The kernels' number of a loss. */
    private static int loss(RowLoss loss) {
        return switch (loss) {
            case RowLoss.Logistic _ -> 0;
            case RowLoss.Softmax _ -> 1;
            case RowLoss.Squared _ -> 2;
            case RowLoss.Absolute _ -> 3;
            case RowLoss.Huber _ -> 4;
            case RowLoss.Poisson _ -> 5;
        };
    }

    private static MemorySegment inputs(RowByRow op, Call call, Arena arena) {
        MemorySegment structs = arena.allocate(INPUT * op.inputs().size(), Long.BYTES);
        int operand = FIRST_INPUT;
        for (int i = 0; i < op.inputs().size(); i++) {
            RowInput input = op.inputs().get(i);
            input(input, call, operand, structs.asSlice(i * INPUT, INPUT));
            operand += input.operands();
        }
        return structs;
    }

    private static void input(RowInput input, Call call, int operand, MemorySegment struct) {
        Buffer values = call.input(operand);
        struct.set(JAVA_LONG, 0, address(values));
        struct.set(JAVA_INT, 28, input.width());
        struct.set(JAVA_INT, 36, values.type().shape().dim(0));
        switch (input) {
            case RowInput.Numbers _ -> struct.set(JAVA_INT, 24, 0);
            case RowInput.Category _ -> {
                struct.set(JAVA_LONG, 8, address(call.input(operand + 1)));
                struct.set(JAVA_INT, 24, 1);
            }
            case RowInput.Bag(int _, Combine combine) -> {
                struct.set(JAVA_LONG, 8, address(call.input(operand + 1)));
                struct.set(JAVA_LONG, 16, address(call.input(operand + 2)));
                struct.set(JAVA_INT, 24, 2);
                struct.set(JAVA_INT, 32, combine == Combine.MEAN ? 1 : 0);
                struct.set(JAVA_INT, 40, Math.toIntExact(call.input(operand + 1).size()));
            }
        }
    }
}
