package io.gradstream.autodiff.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.check.GradientCheck;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Application;
import io.gradstream.autodiff.op.CustomRule;
import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Emitter;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A spiking unit: 1 above a threshold, with the slope of a sigmoid in place of none. */
class SurrogateTest {

    private record Spike() implements Differentiable {

        static Tensor of(Tensor x) {
            Tensor fired = x.greater(x.tape().constant(0, x.dtype()));
            return x.apply(CustomRule.of("spike", new Spike()), fired);
        }

        @Override
        public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
            return Arrays.asList(e.multiply(cotangent, slope(e, at.input(0))));
        }

        @Override
        public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
            Value tangent = tangents.get(0);
            return tangent == null ? null : e.multiply(tangent, slope(e, at.input(0)));
        }

        private static Value slope(Emitter e, Value x) {
            Value s = e.sigmoid(x);
            return e.multiply(s, e.subtract(e.constant(1, x.dtype()), s));
        }
    }

    @Test
    void learnsThroughASpikeByTheSlopeOfASigmoid() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.input("x", Literal.of(-1, 0, 2).with(DType.F64));
            Tensor spikes = Spike.of(x);

            assertThat(spikes.values()).containsExactly(0, 0, 1);
            assertThat(Gradient.of(spikes.sum(), x).get(0).values())
                    .containsExactly(Gradient.of(x.sigmoid().sum(), x).get(0).values());
        }
    }

    @Test
    void isNoDerivativeOfItsValueAndTheCheckSaysSo() {
        assertThat(GradientCheck.reverse(x -> Spike.of(x.get(0)), List.of(Literal.of(-1, 2))))
                .hasSize(2)
                .allMatch(mismatch -> mismatch.op().contains("CustomRule(spike)") && mismatch.difference() == 0);
    }
}
