package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.OptionalDouble;

/** The result of an operation, as derivative rules see it. */
public interface Value {

    TensorType type();

    default Shape shape() {
        return type().shape();
    }

    default DType dtype() {
        return type().dtype();
    }

    /** The number every element is known to be when recorded, so that rules can skip factors of one. */
    default OptionalDouble constant() {
        return OptionalDouble.empty();
    }
}
