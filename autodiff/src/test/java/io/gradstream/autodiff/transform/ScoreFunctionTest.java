package io.gradstream.autodiff.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.ShapeException;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * One draw from three outcomes that pay 1, 3 and 7, under softmax(θ): the gradient of the expected pay is p·(f - E f), and the
 * means of many estimates must lie around it within 4.5 standard errors (one seed in 100,000 would not).
 */
class ScoreFunctionTest {

    private static final long SEED = 20_261_121;
    private static final int ESTIMATES = 400;
    private static final int SAMPLES = 64;
    private static final double[] LOGITS = {0.2, -0.5, 0.1};
    private static final double[] PAY = {1, 3, 7};

    @SuppressWarnings("ArrayRecordComponent") // made here, read here
    private record Moments(double[] mean, double[] variance) {}

    private interface Estimator {
        Tensor surrogate(Tensor logits, Tensor uniform, Tensor pay);
    }

    @Test
    void isUnbiasedWithAndWithoutABaseline() {
        assertUnbiased(estimate((logits, uniform, pay) -> surrogate(logits, uniform, pay, 0)));
        assertUnbiased(estimate((logits, uniform, pay) -> surrogate(logits, uniform, pay, expectedPay())));
    }

    @Test
    void variesLessWithABaseline() {
        Moments plain = estimate((logits, uniform, pay) -> surrogate(logits, uniform, pay, 0));
        Moments withBaseline = estimate((logits, uniform, pay) -> surrogate(logits, uniform, pay, expectedPay()));

        for (int i = 0; i < LOGITS.length; i++) {
            assertThat(withBaseline.variance()[i]).isLessThan(plain.variance()[i] / 1.5);
        }
    }

    @Test
    void isApproachedByRelaxedSamplesAsTheyCool() {
        double warm = bias(estimate((logits, uniform, pay) -> relaxed(logits, uniform, pay, 2)));
        double cold = bias(estimate((logits, uniform, pay) -> relaxed(logits, uniform, pay, 0.2)));

        assertThat(cold).isLessThan(warm / 3);
    }

    @Test
    void demandsAValueForEverySample() {
        Tape tape = Tape.recording();
        Tensor two = tape.input("two", Literal.of(1, 2));

        assertThatThrownBy(() -> ScoreFunction.surrogate(two, two.sum())).isInstanceOf(ShapeException.class);
    }

    private static Tensor surrogate(Tensor logits, Tensor uniform, Tensor pay, double baseline) {
        Tensor sample = Gumbel.sample(logits, uniform);
        Tensor logProbability = sample.multiply(logits.logSoftmax()).sum(1);
        Tensor value = sample.multiply(pay).sum(1);
        return ScoreFunction.surrogate(logProbability, value, logits.tape().constant(baseline, DType.F64));
    }

    private static Tensor relaxed(Tensor logits, Tensor uniform, Tensor pay, double temperature) {
        return Gumbel.straightThrough(logits, uniform, temperature)
                .multiply(pay)
                .sum(1)
                .mean();
    }

    private static Moments estimate(Estimator estimator) {
        Tape tape = Tape.recording();
        Tensor logits = tape.parameter("logits", new Literal(TensorType.of(DType.F64, LOGITS.length), LOGITS));
        Tensor uniform = tape.input("uniform", TensorType.of(DType.F64, SAMPLES, LOGITS.length));
        Tensor pay = tape.input("pay", new Literal(TensorType.of(DType.F64, PAY.length), PAY));
        Tensor gradient = Gradient.of(tape, estimator.surrogate(logits, uniform, pay), List.of(logits))
                .get(0);
        SplittableRandom random = new SplittableRandom(SEED);
        double[] sums = new double[LOGITS.length];
        double[] squares = new double[LOGITS.length];
        try (ReferenceDevice device = new ReferenceDevice();
                Plan plan = Plan.compile(tape, device, gradient)) {
            for (int run = 0; run < ESTIMATES; run++) {
                double[] noise = random.doubles((long) SAMPLES * LOGITS.length, Double.MIN_NORMAL, 1)
                        .toArray();
                Transfer.write(device, plan.input("uniform"), noise);
                plan.run();
                double[] estimate = Transfer.read(device, plan.buffer(gradient));
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += estimate[i];
                    squares[i] += estimate[i] * estimate[i];
                }
            }
        }
        double[] means = new double[sums.length];
        double[] variances = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            means[i] = sums[i] / ESTIMATES;
            variances[i] = squares[i] / ESTIMATES - means[i] * means[i];
        }
        return new Moments(means, variances);
    }

    private static void assertUnbiased(Moments moments) {
        double[] truth = truth();
        for (int i = 0; i < truth.length; i++) {
            double standardError = Math.sqrt(moments.variance()[i] / ESTIMATES);
            assertThat(Math.abs(moments.mean()[i] - truth[i]))
                    .as("seed=%d element=%d", SEED, i)
                    .isLessThan(4.5 * standardError);
            assertThat(standardError).isLessThan(0.05);
        }
    }

    private static double bias(Moments moments) {
        double[] truth = truth();
        double bias = 0;
        for (int i = 0; i < truth.length; i++) {
            bias = Math.max(bias, Math.abs(moments.mean()[i] - truth[i]));
        }
        return bias;
    }

    private static double[] truth() {
        double[] truth = probabilities();
        for (int i = 0; i < truth.length; i++) {
            truth[i] *= PAY[i] - expectedPay();
        }
        return truth;
    }

    private static double expectedPay() {
        double[] probabilities = probabilities();
        double sum = 0;
        for (int i = 0; i < PAY.length; i++) {
            sum += probabilities[i] * PAY[i];
        }
        return sum;
    }

    private static double[] probabilities() {
        double[] weights = new double[LOGITS.length];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.exp(LOGITS[i]);
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }
}
