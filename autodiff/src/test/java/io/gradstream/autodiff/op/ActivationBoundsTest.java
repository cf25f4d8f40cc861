package io.gradstream.autodiff.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ActivationBoundsTest {
    private static final double[] ARGUMENTS =
            IntStream.rangeClosed(-4098, 4098).mapToDouble(i -> i / 64.0).toArray();

    @Test
    void theSlopeOfTheSigmoidIsAtMostOneQuarter() {
        Devices.all().values().forEach(device -> {
            double[] slopes = slopes(device, new Sigmoid());
            assertThat(Arrays.stream(slopes).max().orElseThrow()).isEqualTo(0.25);
            assertThat(Arrays.stream(slopes).min().orElseThrow()).isNotNegative();
        });
    }

    @Test
    void theSlopeOfTheHyperbolicTangentIsAtMostOne() {
        Devices.all().values().forEach(device -> {
            double[] slopes = slopes(device, new Tanh());
            assertThat(Arrays.stream(slopes).max().orElseThrow()).isEqualTo(1);
            assertThat(Arrays.stream(slopes).min().orElseThrow()).isNotNegative();
        });
    }

    /** The bounds of the smooth relatives of relu, which overshoot 1 by a known amount. */
    @Test
    void theSlopesOfGeluAndSiluOvershootByWhatIsKnown() {
        Devices.all().values().forEach(device -> {
            assertThat(Arrays.stream(slopes(device, new Gelu())).max().orElseThrow())
                    .isCloseTo(1.1289, within(1e-3));
            assertThat(Arrays.stream(slopes(device, new Silu())).max().orElseThrow())
                    .isCloseTo(1.0998, within(1e-3));
        });
    }

    private static double[] slopes(Supplier<? extends Device> supplier, Unary function) {
        try (Device device = supplier.get();
                Tape tape = Tape.eager(device)) {
            Tensor x = tape.input("x", Literal.of(ARGUMENTS));
            return Gradient.of(tape, x.apply(function).sum(), List.of(x))
                    .getFirst()
                    .values();
        }
    }
}
