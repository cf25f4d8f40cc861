package io.gradstream.autodiff.step;

import static io.gradstream.autodiff.step.Batches.fill;
import static io.gradstream.autodiff.step.Batches.linear;
import static io.gradstream.autodiff.step.Batches.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every optimizer against its formula, written out for one weight in double; the model is y = w·x with squared loss. */
class OptimizerTest {
    private static final int STEPS = 100;
    private static final double RATE = 0.01;

    interface Formula {
        double next(int step, double weight, double gradient);
    }

    record Case(OptimizerSpec spec, Formula formula) {
        @Override
        public String toString() {
            return spec.toString();
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(new OptimizerSpec.Sgd(0, 0, false, 0), (t, w, g) -> w - RATE * g),
                new Case(new OptimizerSpec.Sgd(0, 0, false, 0.1), (t, w, g) -> w - RATE * (g + 0.1 * w)),
                new Case(new OptimizerSpec.Sgd(0.9, 0, false, 0), momentum(0.9, 0, false, 0)),
                new Case(new OptimizerSpec.Sgd(0.8, 0.3, false, 0.1), momentum(0.8, 0.3, false, 0.1)),
                new Case(new OptimizerSpec.Sgd(0.9, 0, true, 0.01), momentum(0.9, 0, true, 0.01)),
                new Case(new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0, false), adam(0.9, 0.999, 1e-8, 0, false)),
                new Case(new OptimizerSpec.Adam(0.8, 0.99, 1e-3, 0.1, false), adam(0.8, 0.99, 1e-3, 0.1, false)),
                new Case(new OptimizerSpec.Adam(0.9, 0.999, 1e-8, 0.1, true), adam(0.9, 0.999, 1e-8, 0.1, true)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void followsItsFormula(Case expected) {
        StepSpec spec = spec(linear(1), Loss.MSE, expected.spec(), 1, 1);
        double weight = 0.75;
        double bias = 0;
        List<Double> trajectory = new ArrayList<>();
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), 1)) {
            Batches.set(step, "linear.weight", (float) weight);
            for (int t = 1; t <= STEPS; t++) {
                Batches.set(step, "linear.bias", (float) bias);
                float x = (float) Math.sin(t);
                fill(batch, new float[][] {{x}}, new float[] {2 * x}, 0, 1);
                step.accumulate(batch);
                step.step(RATE);
                weight = expected.formula().next(t, weight, 2 * (weight * x - 2 * x) * x);
                trajectory.add(weight);
                assertThat((double) Batches.parameter(step, "linear.weight")[0])
                        .as("weight after step %d, expected so far %s", t, trajectory)
                        .isCloseTo(weight, Percentage.withPercentage(1e-3));
            }
        }
    }

    private static Formula momentum(double momentum, double dampening, boolean nesterov, double decay) {
        double[] b = new double[1];
        return (t, w, gradient) -> {
            double g = gradient + decay * w;
            b[0] = t == 1 ? g : momentum * b[0] + (1 - dampening) * g;
            return w - RATE * (nesterov ? g + momentum * b[0] : b[0]);
        };
    }

    private static Formula adam(double beta1, double beta2, double epsilon, double decay, boolean decoupled) {
        double[] m = new double[1];
        double[] v = new double[1];
        return (t, w, gradient) -> {
            double g = decoupled ? gradient : gradient + decay * w;
            double shrunk = decoupled ? w * (1 - RATE * decay) : w;
            m[0] = beta1 * m[0] + (1 - beta1) * g;
            v[0] = beta2 * v[0] + (1 - beta2) * g * g;
            double mHat = m[0] / (1 - Math.pow(beta1, t));
            double vHat = v[0] / (1 - Math.pow(beta2, t));
            return shrunk - RATE * mHat / (Math.sqrt(vHat) + epsilon);
        };
    }
}
