package io.gradstream.autodiff.examples;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;

/** The root of cos x = x by Newton's method: each value is there as soon as it is asked for, so Java decides when to stop. */
public final class NewtonRoot {

    private NewtonRoot() {}

    public static void main(String[] arguments) {
        try (Device device = new ReferenceDevice();
                Tape tape = Tape.eager(device)) {
            Tensor x = tape.input("x", Literal.scalar(1).with(DType.F64));
            Tensor rest = rest(x);
            while (Math.abs(rest.item()) > 1e-12) {
                x = x.subtract(rest.divide(Gradient.of(rest, x).get(0)));
                rest = rest(x);
            }
            System.out.println("root " + x.item());
        }
    }

    /** cos x - x, with the cosine as a Taylor polynomial. */
    private static Tensor rest(Tensor x) {
        Tensor term = x.multiply(0).add(1);
        Tensor cosine = term;
        for (int i = 1; i <= 10; i++) {
            term = term.multiply(x.square()).multiply(-1.0 / ((2 * i - 1) * 2 * i));
            cosine = cosine.add(term);
        }
        return cosine.subtract(x);
    }
}
