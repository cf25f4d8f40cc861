package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;

/** A layer on an eager tape of the reference device, for tests that look at numbers. */
final class Eagerly implements AutoCloseable {
    final Tape tape = Tape.eager(new ReferenceDevice());
    final Parameters parameters = Parameters.on(tape, 7, Mode.TRAINING);
    private int inputs;

    /** Input that is evenly spread. */
    Tensor wave(int... dims) {
        return tape.input("input." + inputs++, Literal.wave(dims));
    }

    Tensor of(Literal values) {
        return tape.input("input." + inputs++, values);
    }

    @Override
    public void close() {
        tape.close();
    }
}
