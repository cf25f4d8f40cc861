package io.gradstream.autodiff.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EagerAndPlanTest {

    static Iterable<Map.Entry<String, Supplier<Device>>> devices() {
        return Devices.all().entrySet();
    }

    /** Java decides by values how often a layer is applied and which activation it has; the tape that came of it is then replayed. */
    @ParameterizedTest
    @MethodSource("devices")
    void agreeToTheBitOnWhatJavaControlFlowRecorded(Map.Entry<String, Supplier<Device>> entry) {
        try (Device device = entry.getValue().get();
                Tape tape = Tape.eager(device)) {
            Tensor weight = tape.parameter("weight", Literal.wave(13, 13));
            Tensor bias = tape.parameter("bias", Literal.fraction(13));
            Tensor state = tape.input("x", Literal.ripple(7, 13));
            int applications = 0;
            while (state.square().mean().item() > 0.02 && applications < 20) {
                Tensor next = state.linear(weight, bias).multiply(0.17);
                state = next.sum().item() > 0 ? next.tanh() : next.gelu();
                applications++;
            }
            Tensor loss = state.square().mean();
            List<Tensor> gradients = Gradient.of(tape, loss, List.of(weight, bias));

            List<Tensor> outputs = List.of(loss, gradients.get(0), gradients.get(1));
            try (Plan plan = Plan.compile(tape, device, outputs, Map.of())) {
                plan.run();

                assertThat(applications).isBetween(2, 19);
                for (Tensor output : outputs) {
                    assertThat(Transfer.read(device, plan.buffer(output))).containsExactly(output.values());
                }
            }
        }
    }
}
