package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/**
 * The {@link GradientHealth} of a table's touched rows, as one segment: [1, columns] in F64. Operands: gradients [capacity, width] and the
 * index of their {@link Slots}.
 */
public record RowsHealth() implements Kernel {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        TensorType gradients = inputs.get(0);
        Rules.arithmetic(this, gradients);
        Rules.rank(this, gradients, 2);
        Rules.type(this, "index", inputs.get(1), new Slots(gradients.shape().dim(0)).type());
        return GradientHealth.block(1);
    }

    /** The whole operation, element by element. */
    public static void apply(int width, Elements gradients, Elements index, Elements health) {
        double sum = 0;
        long end = (long) Slots.inUse(index) * width;
        for (long i = 0; i < end; i++) {
            sum += gradients.get(i) * gradients.get(i);
        }
        report(health, sum);
    }

    /** Writes the health of a sum of squares, which in double is finite exactly when what it sums is. */
    public static void report(Elements health, double squaredNorm) {
        health.set(GradientHealth.Column.SQUARED_NORM.index(), squaredNorm);
        health.set(GradientHealth.Column.NON_FINITE.index(), Double.isFinite(squaredNorm) ? 0 : 1);
    }

    public static List<Sample> samples() {
        return List.of(
                sample(TableSample.gradients(4, 3, 9, 2, 5), 9, 2, 5),
                sample(TableSample.gradients(7, 17, 0, 1, 2, 3, 4), 0, 1, 2, 3, 4),
                sample(TableSample.gradients(4, 3)),
                sample(overflowing(), 1, 2));
    }

    private static Sample sample(Literal gradients, int... rows) {
        Literal index = TableSample.index(gradients.type().shape().dim(0), rows);
        return new Sample(new RowsHealth(), List.of(gradients, index), false);
    }

    private static Literal overflowing() {
        Literal gradients = TableSample.gradients(3, 5, 1, 2);
        double[] values = gradients.values();
        values[7] = Double.NEGATIVE_INFINITY;
        return new Literal(gradients.type(), values);
    }
}
