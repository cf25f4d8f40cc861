package io.gradstream.autodiff.plan;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.ForwardingDevice;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Program;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Exp;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Tanh;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShadowTest {

    /** A device that takes every exponential for a hyperbolic tangent. */
    private static final class WrongDevice extends ForwardingDevice {
        WrongDevice(Device device) {
            super(device);
        }

        @Override
        public Program compile(List<Call> calls) {
            return device.compile(calls.stream()
                    .map(call ->
                            call.kernel() instanceof Exp ? new Call(new Tanh(), call.inputs(), call.output()) : call)
                    .toList());
        }

        @Override
        public String name() {
            return "wrong";
        }
    }

    @Test
    void namesTheValueThatCameOutWrong() {
        Tape tape = Tape.recording();
        Tensor y = tape.input("x", Literal.of(1, 2)).exp();
        try (Plan plan = Plan.compile(tape, new WrongDevice(new ReferenceDevice()), y)) {
            assertThatThrownBy(() -> Shadow.run(plan, new ReferenceDevice(), 1e-5))
                    .isInstanceOf(ShadowException.class)
                    .hasMessageContainingAll("Exp", "ShadowTest.java:", "index=0");
        }
    }

    @Test
    void noticesAWrongNumberInAnOverwrittenLeaf() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.of(1, 2));
        x.accumulate(x.exp());
        try (Plan plan = Plan.compile(tape, new WrongDevice(new ReferenceDevice()))) {
            assertThatThrownBy(() -> Shadow.run(plan, new ReferenceDevice(), 1e-5))
                    .isInstanceOf(ShadowException.class)
                    .hasMessageContaining("Input(x)");
        }
    }
}
