package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;

/**
 * Per segment of a flat gradient block, in F64: Σ g² of the gradients as they are (scaled), and 1 if any of them is not
 * finite, else 0. Squares and sums are taken in double, where no F32 overflows, so a sum is finite exactly when its elements
 * are. The result is [segments, columns].
 */
public record GradientHealth(Segments segments) implements Kernel {

    /** How many columns the result has. */
    public static final int COLUMNS = Column.values().length;

    /** The columns of the result. */
    public enum Column {
        SQUARED_NORM,
        NON_FINITE;

        @SuppressWarnings("EnumOrdinal") // the order of the columns is what this enum defines
        public int index() {
            return ordinal();
        }
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        segments.within(this, inputs.get(0));
        return block(segments.count());
    }

    /** The type of the result for a number of segments. */
    public static TensorType block(int segments) {
        return TensorType.of(DType.F64, segments, COLUMNS);
    }

    public static List<Sample> samples() {
        Segments segments = Segments.of(new Segment(0, 207), new Segment(208, 13), new Segment(221, 1));
        return List.of(
                Sample.of(new GradientHealth(segments), Literal.wave(224)),
                Sample.of(
                        new GradientHealth(Segments.of(new Segment(0, 2), new Segment(2, 2))),
                        Literal.of(1e30, -3e38, 1, Double.POSITIVE_INFINITY)),
                Sample.of(new GradientHealth(Segments.of(new Segment(0, 3))), Literal.of(1, Double.NaN, 2)));
    }
}
