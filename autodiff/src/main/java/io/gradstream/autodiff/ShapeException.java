package io.gradstream.autodiff;

/** The operands of an operation have shapes or element types that its rule forbids. */
public final class ShapeException extends IllegalArgumentException {

    public ShapeException(String message) {
        super(message);
    }
}
