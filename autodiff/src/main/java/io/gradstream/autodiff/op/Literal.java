package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.function.IntToDoubleFunction;

/** An array written down: an operand of a sample. */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, never compared
public record Literal(TensorType type, double... values) {

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    public Literal {
        if (values.length != type.shape().size()) {
            throw new IllegalArgumentException("values must fill the shape: type=" + type + " values=" + values.length);
        }
        values = values.clone();
    }

    @Override
    public double[] values() {
        return values.clone();
    }

    public static Literal of(double... values) {
        return new Literal(TensorType.of(DType.F32, values.length), values);
    }

    public static Literal scalar(double value) {
        return new Literal(TensorType.of(DType.F32), value);
    }

    /** A count for operations that draw random numbers. */
    public static Literal counter(double count) {
        return new Literal(TensorType.of(DType.F64, 1), count);
    }

    public static Literal ids(int... values) {
        return generate(TensorType.of(DType.I32, values.length), i -> values[i]);
    }

    /** Values spread evenly over (-2, 2), none of them equal, none a round number. */
    public static Literal wave(int... dims) {
        return generate(TensorType.of(DType.F32, dims), i -> 4 * spread(i + 1) - 2);
    }

    /** Like {@link #wave}, with values a wave does not have. */
    public static Literal ripple(int... dims) {
        return generate(TensorType.of(DType.F32, dims), i -> 4 * spread(i + 1000.37) - 2);
    }

    /** Values spread evenly over (0.2, 2.2). */
    public static Literal positive(int... dims) {
        return generate(TensorType.of(DType.F32, dims), i -> 0.2 + 2 * spread(i + 500.71));
    }

    /** Values spread evenly over (0, 1). */
    public static Literal fraction(int... dims) {
        return generate(TensorType.of(DType.F32, dims), i -> spread(i + 250.13));
    }

    /** The same elements under another shape. */
    public Literal with(int... dims) {
        return new Literal(TensorType.of(type.dtype(), dims), values);
    }

    public Literal with(DType dtype) {
        return generate(type.with(dtype), i -> values[i]);
    }

    private static double spread(double i) {
        double turns = i * GOLDEN;
        return turns - Math.floor(turns);
    }

    /** Elements by index, rounded to F32 where the type is wider so that every device holds the same numbers. */
    private static Literal generate(TensorType type, IntToDoubleFunction element) {
        Shape shape = type.shape();
        double[] values = new double[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.dtype().round((float) element.applyAsDouble(i));
        }
        return new Literal(type, values);
    }
}
