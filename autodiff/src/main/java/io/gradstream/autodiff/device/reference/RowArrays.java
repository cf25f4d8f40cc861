package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.RowByRow;
import io.gradstream.autodiff.op.RowMemory;
import io.gradstream.autodiff.op.RowWalk;
import java.util.List;

/** The operands of a row-by-row update in reference memory. */
final class RowArrays implements RowMemory {
    private final List<Array> operands;
    private final double[] input;
    private final double[] inputGradient;

    private RowArrays(List<Array> operands, int width) {
        this.operands = operands;
        this.input = new double[width];
        this.inputGradient = new double[width];
    }

    static Runnable prepare(RowByRow op, List<Array> operands) {
        int outputs = operands.get(0).size();
        return new RowWalk(
                op,
                new RowArrays(operands, operands.get(1).dim(1)),
                operands.get(3).size(),
                outputs);
    }

    @Override
    public double get(int operand, long at) {
        int index = Math.toIntExact(at);
        return switch (operand) {
            case INPUT -> input[index];
            case INPUT_GRADIENT -> inputGradient[index];
            default -> operands.get(operand).get(index);
        };
    }

    @Override
    public void set(int operand, long at, double value) {
        int index = Math.toIntExact(at);
        switch (operand) {
            case INPUT -> input[index] = value;
            case INPUT_GRADIENT -> inputGradient[index] = value;
            default -> operands.get(operand).set(index, value);
        }
    }
}
