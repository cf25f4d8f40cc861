package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.RowByRow;
import io.gradstream.autodiff.op.RowMemory;
import io.gradstream.autodiff.op.RowWalk;
import java.util.List;
import java.util.stream.Stream;

/** The operands of a row-by-row update in this process's memory, the two vectors besides them first. */
class RowOperands implements RowMemory {
    private static final int BESIDES = 2;

    private final Operand[] operands;

    RowOperands(List<Operand> operands, Workspace workspace) {
        TensorType vector = TensorType.of(DType.F32, operands.get(1).shape().dim(1));
        Operand input = new Operand(workspace.floats(vector.shape().size()), vector);
        Operand inputGradient = new Operand(workspace.floats(vector.shape().size()), vector);
        this.operands = Stream.concat(Stream.of(inputGradient, input), operands.stream())
                .toArray(Operand[]::new);
    }

    static PreparedCall prepare(RowByRow op, List<Operand> operands, boolean vectors, Workspace workspace) {
        RowMemory memory = vectors ? new VectorRowOperands(operands, workspace) : new RowOperands(operands, workspace);
        RowWalk walk =
                new RowWalk(op, memory, operands.get(3).size(), operands.get(0).size());
        return walk::run;
    }

    final Operand operand(int number) {
        return operands[number + BESIDES];
    }

    @Override
    public final double get(int operand, long at) {
        return operand(operand).get(at);
    }

    @Override
    public final void set(int operand, long at, double value) {
        operand(operand).set(at, value);
    }
}
