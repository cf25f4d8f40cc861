package io.gradstream.autodiff.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StochasticTest {
    private static final Draws DRAWS = new Draws(0x1234_5678_9abc_def0L, 7);

    @ParameterizedTest
    @ValueSource(ints = {1, 13, 64, 207, 4098})
    void everyDeviceDrawsTheSameBits(int size) {
        Devices.all().forEach((name, device) -> {
            for (double count : new double[] {0, 1, 0x1p33}) {
                assertThat(uniform(device.get(), count, size))
                        .as("uniform on %s", name)
                        .containsExactly(uniform(new ReferenceDevice(), count, size));
                assertThat(normal(device.get(), count, size))
                        .as("normal on %s", name)
                        .containsExactly(normal(new ReferenceDevice(), count, size));
                assertThat(kept(device.get(), count, size))
                        .as("dropout on %s", name)
                        .containsExactly(kept(new ReferenceDevice(), count, size));
            }
        });
    }

    @Test
    void countsAndStreamsAreIndependent() {
        double[] one = uniform(new ReferenceDevice(), 1, 100_000);
        double[] two = uniform(new ReferenceDevice(), 2, 100_000);
        double product = 0;
        for (int i = 0; i < one.length; i++) {
            product += (one[i] - 0.5) * (two[i] - 0.5) * 12;
        }
        assertThat(product / one.length).isCloseTo(0, within(0.02));
        assertThat(Arrays.stream(one).average().orElseThrow()).isCloseTo(0.5, within(0.005));
        assertThat(draw(
                        new ReferenceDevice(),
                        1,
                        (tape, counter) -> counter.randomUniform(new Draws(DRAWS.seed(), 8), 4)))
                .isNotEqualTo(Arrays.copyOf(one, 4));
    }

    @Test
    void normalNumbersHaveTheMomentsOfTheirDistribution() {
        double[] numbers = normal(new ReferenceDevice(), 3, 100_000);
        assertThat(Arrays.stream(numbers).average().orElseThrow()).isCloseTo(0, within(0.015));
        assertThat(Arrays.stream(numbers).map(x -> x * x).average().orElseThrow())
                .isCloseTo(1, within(0.03));
    }

    @Test
    void dropsAtItsRateAndKeepsTheMean() {
        double[] dropped = draw(
                new ReferenceDevice(),
                5,
                (tape, counter) -> tape.constant(1, counter.dtype())
                        .broadcast(io.gradstream.autodiff.Shape.of(100_000))
                        .dropout(0.3, DRAWS, counter));
        assertThat(Arrays.stream(dropped).filter(x -> x == 0).count() / 1e5).isCloseTo(0.3, within(0.006));
        assertThat(Arrays.stream(dropped).average().orElseThrow()).isCloseTo(1, within(0.01));
    }

    @Test
    void theGradientPassesWhereTheValueDid() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor counter = tape.input("counter", Literal.counter(9));
            Tensor x = tape.input("x", Literal.positive(207));
            Tensor y = x.dropout(0.5, DRAWS, counter);
            double[] gradient =
                    Gradient.of(tape, y.sum(), List.of(x)).getFirst().values();
            double[] values = y.values();
            for (int i = 0; i < values.length; i++) {
                assertThat(gradient[i]).isEqualTo(values[i] == 0 ? 0 : 2);
            }
        }
    }

    @Test
    void whatIsDroppedIsZeroWhateverItWas() {
        double[] values = new double[64];
        Arrays.fill(values, Double.NaN);
        Devices.all()
                .values()
                .forEach(device -> assertThat(draw(
                                device.get(),
                                5,
                                (tape, counter) ->
                                        tape.input("x", Literal.of(values)).dropout(0.5, DRAWS, counter)))
                        .contains(0));
    }

    @Test
    void refusesARateOfOne() {
        assertThatThrownBy(() -> new Dropout(DRAWS, 1)).hasMessage("rate must lie within [0, 1): rate=1.0");
    }

    private static double[] uniform(Device device, double count, int size) {
        return draw(device, count, (tape, counter) -> counter.randomUniform(DRAWS, size));
    }

    private static double[] normal(Device device, double count, int size) {
        return draw(device, count, (tape, counter) -> counter.randomNormal(DRAWS, size));
    }

    private static double[] kept(Device device, double count, int size) {
        double[] values = draw(
                device,
                count,
                (tape, counter) -> tape.input("x", Literal.positive(size)).dropout(0.25, DRAWS, counter));
        return Arrays.stream(values).map(Math::signum).toArray();
    }

    private static double[] draw(Device device, double count, BiFunction<Tape, Tensor, Tensor> operation) {
        try (device;
                Tape tape = Tape.eager(device)) {
            return operation
                    .apply(tape, tape.input("counter", Literal.counter(count)))
                    .values();
        }
    }
}
