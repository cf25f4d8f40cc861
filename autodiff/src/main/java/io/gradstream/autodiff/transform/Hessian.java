package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/** Second derivatives of a scalar: products that never form them, and all of them for small functions. */
public final class Hessian {

    private Hessian() {}

    /** The Hessian by some values times one direction per value: their gradients, pulled back along the directions. */
    public static List<Tensor> product(Tape tape, Tensor scalar, List<Tensor> values, List<Tensor> directions) {
        return Gradient.partial(tape, Gradient.of(tape, scalar, values), directions, values);
    }

    /** All second derivatives by one value, in its shape twice. */
    public static Tensor of(Tape tape, Tensor scalar, Tensor value) {
        return Jacobian.of(tape, Gradient.of(tape, scalar, List.of(value)).get(0), value);
    }
}
