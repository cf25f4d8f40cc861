package io.gradstream.autodiff.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DropoutTest {
    private static final int ROWS = 100;
    private static final int WIDTH = 60;

    @Test
    void keepsTheMeanAndDropsItsShare() {
        double[] y = dropped(7, 3, "a");

        assertThat(Arrays.stream(y).filter(value -> value == 0).count() / (double) y.length)
                .isCloseTo(0.25, within(0.02));
        assertThat(Arrays.stream(y).filter(value -> value != 0)).allMatch(value -> Math.abs(value - 4 / 3.0) < 1e-6);
    }

    @Test
    void dependsOnSeedNameAndCountAlone() {
        assertThat(dropped(7, 3, "a")).isEqualTo(dropped(7, 3, "a"));
        assertThat(dropped(7, 3, "a"))
                .isNotEqualTo(dropped(8, 3, "a"))
                .isNotEqualTo(dropped(7, 4, "a"))
                .isNotEqualTo(dropped(7, 3, "b"));
    }

    @Test
    void dropsOthersWhereALayerIsUsedTwice() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Parameters parameters = parameters(tape, 7, 3).in("a");
            Tensor ones = ones(tape);

            assertThat(new Dropout(0.25).forward(ones, parameters).values())
                    .isNotEqualTo(new Dropout(0.25).forward(ones, parameters).values());
        }
    }

    @Test
    void doesNothingInEvaluation() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor ones = ones(tape);
            Parameters parameters = parameters(tape, 7, 3).in(Mode.EVALUATION);

            assertThat(new Dropout(0.25).forward(ones, parameters)).isSameAs(ones);
            assertThat(new StochasticDepth(0.25).forward(ones, parameters)).isSameAs(ones);
            assertThat(parameters.dependsOnMode()).isTrue();
        }
    }

    @Test
    void stochasticDepthLeavesOutWholeRows() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            double[] y = new StochasticDepth(0.25)
                    .forward(ones(tape), parameters(tape, 7, 3))
                    .values();

            int left = 0;
            for (int row = 0; row < ROWS; row++) {
                double[] values = Arrays.copyOfRange(y, row * WIDTH, (row + 1) * WIDTH);
                assertThat(values).containsOnly(values[0]);
                left += values[0] == 0 ? 1 : 0;
            }
            assertThat(left).isBetween(10, 40);
        }
    }

    private static double[] dropped(long seed, double count, String name) {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            return new Dropout(0.25)
                    .forward(ones(tape), parameters(tape, seed, count).in(name))
                    .values();
        }
    }

    private static Tensor ones(Tape tape) {
        return tape.constant(1, DType.F32).broadcast(Shape.of(ROWS, WIDTH));
    }

    private static Parameters parameters(Tape tape, long seed, double count) {
        Literal counter = new Literal(io.gradstream.autodiff.TensorType.of(DType.F64, 1), count);
        return Parameters.on(tape, seed, Mode.TRAINING, () -> tape.input("counter", counter), Optional.empty());
    }
}
