package io.gradstream.autodiff.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Draws;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GumbelTest {

    private static final int SAMPLES = 20_000;

    private final Tape tape = Tape.eager(new ReferenceDevice());
    private final Tensor logits = tape.parameter(
            "logits", new Literal(TensorType.of(DType.F64, 3), Math.log(0.2), Math.log(0.5), Math.log(0.3)));

    @AfterEach
    void close() {
        tape.close();
    }

    /** 4.5 standard errors of a share of 20,000 samples are less than 0.016. */
    @Test
    void drawsEveryClassAsOftenAsItsProbabilitySays() {
        double[] shares = Gumbel.sample(logits, uniform(SAMPLES)).mean(0).values();

        assertThat(shares).containsExactly(new double[] {0.2, 0.5, 0.3}, within(0.016));
    }

    @Test
    void drawsFromNoiseThatACounterDecides() {
        Tensor counter = tape.input("counter", new Literal(TensorType.of(DType.F64, 1), 1));
        Tensor noise = counter.randomUniform(new Draws(10, 1), SAMPLES, 3).cast(DType.F64);

        double[] shares = Gumbel.sample(logits, noise).mean(0).values();

        assertThat(shares).containsExactly(new double[] {0.2, 0.5, 0.3}, within(0.016));
    }

    @Test
    void staysFiniteAtTheEndsOfTheNoise() {
        Tensor ends = tape.input("ends", Literal.of(0, 1, 0.5));

        assertThat(Gumbel.softmax(tape.input("even", Literal.of(0, 0, 0)), ends, 1)
                        .sum()
                        .item())
                .isCloseTo(1, within(1e-6));
    }

    @Test
    void drawsOneClassPerRow() {
        Tensor sample = Gumbel.sample(logits, uniform(100));

        assertThat(sample.sum(1).values()).containsOnly(1);
        assertThat(sample.max(1).values()).containsOnly(1);
    }

    @Test
    void relaxesToARowOfProbabilitiesThatIsNearlyTheSampleWhenCold() {
        Tensor uniform = uniform(50);
        Tensor warm = Gumbel.softmax(logits, uniform, 5);
        Tensor cold = Gumbel.softmax(logits, uniform, 1e-3);

        assertThat(warm.sum(1).values()).usingComparatorWithPrecision(1e-12).containsOnly(1.0);
        assertThat(warm.max().item()).isLessThan(0.9);
        assertThat(cold.values()).containsExactly(Gumbel.sample(logits, uniform).values(), within(1e-6));
    }

    @Test
    void givesExactSamplesTheGradientOfRelaxedOnes() {
        Tensor uniform = uniform(10);
        Tensor pay = tape.input("pay", new Literal(TensorType.of(DType.F64, 3), 1, 3, 7));
        Tensor exact = Gumbel.straightThrough(logits, uniform, 0.7);
        Tensor relaxed = Gumbel.softmax(logits, uniform, 0.7);

        assertThat(exact.values())
                .containsExactly(Gumbel.sample(logits, uniform).values());
        assertThat(gradient(exact.multiply(pay))).containsExactly(gradient(relaxed.multiply(pay)));
    }

    @Test
    void refusesATemperatureOfZero() {
        assertThatThrownBy(() -> Gumbel.softmax(logits, uniform(1), 0)).hasMessageContaining("temperature=0");
    }

    private double[] gradient(Tensor output) {
        return Gradient.of(tape, output.sum(), List.of(logits)).get(0).values();
    }

    private Tensor uniform(int rows) {
        double[] values =
                new SplittableRandom(7).doubles(rows * 3L, Double.MIN_NORMAL, 1).toArray();
        return tape.input("uniform " + tape.size(), new Literal(TensorType.of(DType.F64, rows, 3), values));
    }
}
