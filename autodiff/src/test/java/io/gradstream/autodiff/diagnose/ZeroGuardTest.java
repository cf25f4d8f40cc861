package io.gradstream.autodiff.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.List;
import org.junit.jupiter.api.Test;

class ZeroGuardTest {
    private final Tape tape = Tape.recording();
    private final Tensor x = tape.input("x", Literal.of(1, 2, 3));
    private final Tensor w = tape.parameter("w", Literal.of(0.5, -1, 2));
    private final Tensor gradient = tape.input("gradient", TensorType.of(DType.F32, 3));

    @Test
    void namesGradientsThatAStepLeft() {
        accumulate();
        try (Device device = Devices.one();
                Plan plan = Plan.compile(tape, device)) {
            ZeroGuard.require(plan, List.of(gradient));
            plan.run();

            assertThatThrownBy(() -> ZeroGuard.require(plan, List.of(gradient)))
                    .isInstanceOf(MissingZeroException.class)
                    .message()
                    .matches(
                            "accumulated gradients must be zero before the next step: node=%\\d+ Input\\(gradient\\) F32\\[3] "
                                    + "\\(ZeroGuardTest\\.java:\\d+\\) elements=3 nonZero=3 largest=3.0");
        }
    }

    @Test
    void isContentWhereAStepEndsWithZeros() {
        Tensor accumulated = accumulate();
        w.accumulate(accumulated.multiply(-0.1));
        accumulated.fill(0);
        try (Device device = Devices.one();
                Plan plan = Plan.compile(tape, device)) {
            for (int step = 0; step < 3; step++) {
                assertThatCode(() -> ZeroGuard.require(plan, List.of(gradient))).doesNotThrowAnyException();
                plan.run();
            }
            assertThat(plan.values(w)[0]).isLessThan(0.5);
        }
    }

    @Test
    void takesNoNanForZero() {
        assertThatThrownBy(() -> ZeroGuard.require("g", 0, Double.NaN))
                .isInstanceOf(MissingZeroException.class)
                .hasMessageEndingWith("node=g elements=2 nonZero=1 largest=NaN");
    }

    private Tensor accumulate() {
        Tensor loss = w.multiply(x).sum();
        return gradient.accumulate(Gradient.of(loss, w).getFirst());
    }
}
