package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * gradients[slot of ids[i], ·] += updates[i, ·] in ascending order of i, for a table's rows that have slots or get them now. An update of
 * zeros touches nothing: padding, rows without weight and what lies behind the last bag claim no slots. Operands: gradients
 * [capacity, width], the index of their {@link Slots}, updates [n, width], ids [n].
 */
public record AccumulateRows() implements InPlace {

    @Override
    public List<Integer> overwrites() {
        return List.of(0, 1);
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 4);
        TensorType gradients = inputs.get(0);
        TensorType updates = inputs.get(2);
        Rules.arithmetic(this, gradients);
        Rules.rank(this, gradients, 2);
        Rules.type(this, "index", inputs.get(1), new Slots(gradients.shape().dim(0)).type());
        Rules.rank(this, updates, 2);
        Rules.type(
                this,
                "updates",
                updates,
                TensorType.of(
                        gradients.dtype(),
                        updates.shape().dim(0),
                        gradients.shape().dim(1)));
        Rules.type(
                this,
                "ids",
                inputs.get(3),
                TensorType.of(DType.I32, updates.shape().dim(0)));
        return gradients;
    }

    /** The whole operation, element by element. */
    public static void apply(
            Slots slots, int width, Elements gradients, Elements index, Elements updates, Elements ids, int count) {
        for (int i = 0; i < count; i++) {
            long from = (long) i * width;
            if (!isZero(updates, from, width)) {
                long to = (long) slots.claim(index, (int) ids.get(i)) * width;
                for (int column = 0; column < width; column++) {
                    gradients.set(to + column, gradients.get(to + column) + updates.get(from + column));
                }
            }
        }
    }

    private static boolean isZero(Elements updates, long from, int width) {
        for (int column = 0; column < width; column++) {
            if (updates.get(from + column) != 0) {
                return false;
            }
        }
        return true;
    }

    public static List<Sample> samples() {
        return List.of(
                sample(4, Literal.wave(5, 3), 2, 0, 2, 9, 2),
                sample(4, endingInZeros(Literal.wave(5, 3), 6), 2, 0, 2, 9, 1),
                sample(6, Literal.wave(7, 17), 1_000_000, 0, 64, 128, 0, 192, 64),
                sample(2, Literal.wave(3, 16), 4, 4, 4),
                crowded());
    }

    /** Many updates of few rows: every fifth is zeros, and one row comes once, behind all others. */
    private static Sample crowded() {
        int count = 500;
        double[] updates = Literal.wave(count, 3).values();
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = i < count - 1 ? i * i % 11 : 99;
            if (i % 5 == 0) {
                Arrays.fill(updates, 3 * i, 3 * i + 3, 0);
            }
        }
        return sample(9, new Literal(TensorType.of(DType.F32, count, 3), updates), ids);
    }

    private static Sample sample(int capacity, Literal updates, int... ids) {
        int width = updates.type().shape().dim(1);
        return new Sample(
                new AccumulateRows(),
                List.of(
                        TableSample.gradients(capacity, width, 7),
                        TableSample.index(capacity, 7),
                        updates,
                        Literal.ids(ids)),
                false);
    }

    private static Literal endingInZeros(Literal updates, int count) {
        double[] values = updates.values();
        Arrays.fill(values, values.length - count, values.length, 0);
        return new Literal(updates.type(), values);
    }
}
