package io.gradstream.autodiff;

/** What is known about a value before it is computed. */
public record TensorType(Shape shape, DType dtype) {

    public static TensorType of(DType dtype, int... dims) {
        return new TensorType(Shape.of(dims), dtype);
    }

    public TensorType with(Shape other) {
        return new TensorType(other, dtype);
    }

    public TensorType with(DType other) {
        return new TensorType(shape, other);
    }

    @Override
    public String toString() {
        return dtype + "[" + shape + "]";
    }
}
