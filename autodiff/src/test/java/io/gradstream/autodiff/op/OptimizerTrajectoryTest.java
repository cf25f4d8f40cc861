package io.gradstream.autodiff.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * 1,000 steps of every optimizer on 24 weights under noisy gradients: in double on the reference device and in float on the CPU, against
 * libtorch's double where libtorch has the optimizer, and against a program written down as its paper has it where not.
 */
class OptimizerTrajectoryTest {
    private static final int ROWS = 4;
    private static final int COLUMNS = 6;
    private static final int WEIGHTS = ROWS * COLUMNS;
    private static final int STEPS = 1000;
    private static final double RATE = 0.01;
    private static final Segments SEGMENTS = Segments.of(new Segment(0, WEIGHTS));

    /** Of the largest weight. Both sides compute in double, in another order. */
    private static final double DOUBLE_TOLERANCE = 1e-12;

    /** Of the largest weight, after 1,000 steps rounded to float. */
    private static final double FLOAT_TOLERANCE = 2e-5;

    private static final Map<String, OptimizerUpdate> LIBTORCH = Map.of(
            "sgd", new SgdUpdate(0, 0, false, 0.01, SEGMENTS),
            "momentum", new SgdUpdate(0.9, 0.1, false, 0.01, SEGMENTS),
            "nesterov", new SgdUpdate(0.9, 0, true, 0, SEGMENTS),
            "adam", new AdamUpdate(0.9, 0.999, 1e-8, 0.01, false, SEGMENTS),
            "adamw", new AdamUpdate(0.8, 0.99, 1e-6, 0.1, true, SEGMENTS),
            "adagrad", new AdagradUpdate(0, 0, 0, 1e-10, SEGMENTS),
            "adagrad-decaying", new AdagradUpdate(0.01, 0.01, 0.1, 1e-6, SEGMENTS),
            "rmsprop", new RmspropUpdate(0.99, 1e-8, 0.01, 0, false, SEGMENTS),
            "rmsprop-centered", new RmspropUpdate(0.9, 1e-3, 0, 0, true, SEGMENTS),
            "rmsprop-centered-momentum", new RmspropUpdate(0.95, 1e-3, 0.01, 0.9, true, SEGMENTS));

    /** An optimizer written down straightforwardly: changes the weights in place. */
    interface Program {
        void step(int step, double[] weights, double[] gradient);
    }

    @TestFactory
    Stream<DynamicTest> followsLibtorch() throws IOException {
        Map<String, TreeMap<Integer, double[]>> goldens = goldens();
        assertThat(goldens.keySet()).containsExactlyInAnyOrderElementsOf(LIBTORCH.keySet());
        return LIBTORCH.keySet().stream()
                .sorted()
                .map(name -> dynamicTest(name, () -> {
                    OptimizerUpdate update = Objects.requireNonNull(LIBTORCH.get(name));
                    TreeMap<Integer, double[]> expected = Objects.requireNonNull(goldens.get(name));
                    assertThat(expected.lastKey()).isEqualTo(STEPS);
                    assertClose(trajectory(new ReferenceDevice(), update), expected, DOUBLE_TOLERANCE);
                    assertClose(trajectory(Devices.one(), update), expected, FLOAT_TOLERANCE);
                }));
    }

    @Test
    void followsLionAsItsPaperHasIt() {
        double[] m = new double[WEIGHTS];
        assertFollows(new LionUpdate(0.9, 0.99, 0.1, SEGMENTS), (step, w, g) -> {
            for (int i = 0; i < WEIGHTS; i++) {
                double c = 0.9 * m[i] + 0.1 * g[i];
                w[i] -= RATE * ((c > 0 ? 1 : c < 0 ? -1 : 0) + 0.1 * w[i]);
                m[i] = 0.99 * m[i] + 0.01 * g[i];
            }
        });
    }

    /** The factored second moment with whole matrices, as torch.optim.Adafactor computes it. */
    @Test
    void followsAdafactorAsItsPaperHasIt() {
        double[] r = new double[ROWS];
        double[] c = new double[COLUMNS];
        AdafactorUpdate update = new AdafactorUpdate(-0.8, 1e-6, 1e-3, 0.8, 0.1, List.of(ROWS), SEGMENTS);
        assertFollows(update, (step, w, g) -> {
            double beta = 1 - Math.pow(step, -0.8);
            double rate = Math.max(1e-3, Math.sqrt(mean(w))) * Math.min(RATE, 1 / Math.sqrt(step));
            double[] rowSums = new double[ROWS];
            double[] columnSums = new double[COLUMNS];
            for (int i = 0; i < WEIGHTS; i++) {
                rowSums[i / COLUMNS] += g[i] * g[i];
                columnSums[i % COLUMNS] += g[i] * g[i];
            }
            for (int i = 0; i < ROWS; i++) {
                r[i] = beta * r[i] + (1 - beta) * rowSums[i] / COLUMNS;
            }
            for (int j = 0; j < COLUMNS; j++) {
                c[j] = beta * c[j] + (1 - beta) * columnSums[j] / ROWS;
            }
            double meanRow = Arrays.stream(r).average().orElseThrow();
            double[] u = new double[WEIGHTS];
            for (int i = 0; i < WEIGHTS; i++) {
                u[i] = g[i] / Math.sqrt(r[i / COLUMNS] * c[i % COLUMNS] / meanRow);
            }
            double clip = Math.max(1, Math.sqrt(mean(u)) / 0.8);
            for (int i = 0; i < WEIGHTS; i++) {
                w[i] = w[i] * (1 - RATE * 0.1) - rate * u[i] / clip;
            }
        });
    }

    @Test
    void followsAdafactorOnAVector() {
        double[] v = new double[WEIGHTS];
        AdafactorUpdate update = new AdafactorUpdate(-0.5, 1e-6, 1e-3, 1, 0, List.of(1), SEGMENTS);
        assertFollows(update, (step, w, g) -> {
            double beta = 1 - 1 / Math.sqrt(step);
            double rate = Math.max(1e-3, Math.sqrt(mean(w))) * Math.min(RATE, 1 / Math.sqrt(step));
            double[] u = new double[WEIGHTS];
            for (int i = 0; i < WEIGHTS; i++) {
                v[i] = beta * v[i] + (1 - beta) * g[i] * g[i];
                u[i] = g[i] / Math.sqrt(v[i]);
            }
            double clip = Math.max(1, Math.sqrt(mean(u)));
            for (int i = 0; i < WEIGHTS; i++) {
                w[i] -= rate * u[i] / clip;
            }
        });
    }

    /** Algorithm 1 of McMahan et al. 2013, with z as the paper has it: weights are those that minimize what was seen so far. */
    @Test
    void followsFtrlProximalAsItsPaperHasIt() {
        double beta = 0.7;
        double l1 = 100;
        double l2 = 0.5;
        double[] z = new double[WEIGHTS];
        double[] n = new double[WEIGHTS];
        Program paper = (step, w, g) -> {
            for (int i = 0; i < WEIGHTS; i++) {
                if (step == 1) {
                    z[i] = -w[i] * beta / RATE;
                }
                double sigma = (Math.sqrt(n[i] + g[i] * g[i]) - Math.sqrt(n[i])) / RATE;
                z[i] += g[i] - sigma * w[i];
                n[i] += g[i] * g[i];
                w[i] = Math.abs(z[i]) <= l1
                        ? 0
                        : -(z[i] - Math.signum(z[i]) * l1) / ((beta + Math.sqrt(n[i])) / RATE + l2);
            }
        };
        assertFollows(new FtrlUpdate(beta, l1, l2, SEGMENTS), paper);
        double[] last = trajectory(new ReferenceDevice(), new FtrlUpdate(beta, l1, l2, SEGMENTS))
                .get(STEPS);
        assertThat(last).as("l1 makes weights zero, but not all").contains(0);
        assertThat(Arrays.stream(last).filter(w -> w != 0).count()).isPositive();
    }

    /** Moments of 8 bits: within 4 % of the way that AdamW goes, in the mean over the weights, at every step shown. */
    @Test
    void followsAdamWWithMomentsOfEightBits() {
        TreeMap<Integer, double[]> exact =
                trajectory(new ReferenceDevice(), new AdamUpdate(0.9, 0.999, 1e-8, 0.01, true, SEGMENTS));
        for (Device device : List.of(new ReferenceDevice(), Devices.one())) {
            TreeMap<Integer, double[]> coded =
                    trajectory(device, new QuantizedAdamUpdate(0.9, 0.999, 1e-8, 0.01, SEGMENTS));
            exact.forEach((step, weights) -> {
                double[] other = Objects.requireNonNull(coded.get(step));
                double distance = 0;
                double way = 0;
                for (int i = 0; i < WEIGHTS; i++) {
                    distance += Math.abs(other[i] - weights[i]);
                    way += Math.abs(weights[i] - Math.cos(i));
                }
                assertThat(distance / way)
                        .as("%s, step %d", device.name(), step)
                        .isLessThan(0.04);
            });
            assertThat(coded.get(STEPS)).isNotEqualTo(exact.get(STEPS));
        }
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).map(x -> x * x).average().orElseThrow();
    }

    private static void assertFollows(OptimizerUpdate update, Program program) {
        TreeMap<Integer, double[]> expected = new TreeMap<>();
        double[] weights = first();
        for (int step = 1; step <= STEPS; step++) {
            program.step(step, weights, gradient(step, weights));
            if (isShown(step)) {
                expected.put(step, weights.clone());
            }
        }
        assertClose(trajectory(new ReferenceDevice(), update), expected, DOUBLE_TOLERANCE);
        assertClose(trajectory(Devices.one(), update), expected, FLOAT_TOLERANCE);
    }

    private static void assertClose(
            TreeMap<Integer, double[]> actual, TreeMap<Integer, double[]> expected, double tolerance) {
        expected.forEach((step, weights) -> {
            double largest = Arrays.stream(weights).map(Math::abs).max().orElseThrow();
            double[] found = Objects.requireNonNull(actual.get(step));
            double distance = 0;
            for (int i = 0; i < WEIGHTS; i++) {
                distance = Math.max(distance, Math.abs(found[i] - weights[i]));
            }
            assertThat(distance / largest)
                    .as("step %d actual=%s expected=%s", step, Arrays.toString(found), Arrays.toString(weights))
                    .isLessThan(tolerance);
        });
    }

    private static TreeMap<Integer, double[]> trajectory(Device device, OptimizerUpdate update) {
        TensorType block = TensorType.of(device instanceof ReferenceDevice ? DType.F64 : DType.F32, WEIGHTS);
        Tape tape = Tape.recording();
        Value[] operands = new Value[3 + update.moments()];
        operands[0] = tape.input("gradients", block);
        for (int moment = 0; moment < update.moments(); moment++) {
            operands[1 + moment] =
                    tape.input("moment " + moment, update.state(block).get(moment));
        }
        operands[1 + update.moments()] = tape.input("control", Control.block());
        operands[2 + update.moments()] = tape.input("statistics", OptimizerUpdate.block(1));
        Tensor parameters = tape.parameter("parameters", new Literal(block, first()));
        parameters.apply(update, operands);
        TreeMap<Integer, double[]> trajectory = new TreeMap<>();
        double[] control = new double[Control.values().length];
        control[Control.LEARNING_RATE.slot()] = RATE;
        control[Control.GRADIENT_FACTOR.slot()] = 1;
        try (device;
                Plan plan = Plan.compile(tape, device, List.of(), Map.of())) {
            double[] weights = first();
            for (int step = 1; step <= STEPS; step++) {
                control[Control.STEP_COUNT.slot()] = step;
                Transfer.write(device, plan.input("control"), control);
                Transfer.write(device, plan.input("gradients"), gradient(step, weights));
                plan.run();
                weights = Transfer.read(device, plan.input("parameters"));
                if (isShown(step)) {
                    trajectory.put(step, weights);
                }
            }
        }
        return trajectory;
    }

    private static boolean isShown(int step) {
        return step == 1 || step == 2 || step == 10 || step == 100 || step == 1000;
    }

    private static double[] first() {
        double[] weights = new double[WEIGHTS];
        for (int i = 0; i < WEIGHTS; i++) {
            weights[i] = StrictMath.cos(i);
        }
        return weights;
    }

    /** The slope of a parabola around sin(i + 1), with noise: the same numbers as in the program that made the goldens. */
    private static double[] gradient(int step, double[] weights) {
        double[] gradient = new double[WEIGHTS];
        for (int i = 0; i < WEIGHTS; i++) {
            double curvature = 0.5 + i % 5 * 0.5;
            gradient[i] = curvature * (weights[i] - StrictMath.sin(i + 1))
                    + 0.3 * StrictMath.sin(12.9898 * i + 78.233 * step);
        }
        return gradient;
    }

    private static Map<String, TreeMap<Integer, double[]>> goldens() throws IOException {
        Map<String, TreeMap<Integer, double[]>> goldens = new LinkedHashMap<>();
        try (InputStream file = OptimizerTrajectoryTest.class.getResourceAsStream("optimizer-trajectories.txt")) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] words = line.split(" ");
                double[] weights = Arrays.stream(words)
                        .skip(2)
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                goldens.computeIfAbsent(words[0], _ -> new TreeMap<>()).put(Integer.parseInt(words[1]), weights);
            });
        }
        return goldens;
    }
}
