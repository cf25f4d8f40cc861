package io.gradstream.autodiff.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The operations of a training step together, as a tape on the reference device. */
class StepOpsTest {

    private static final Segments ONE = Segments.of(new Segment(0, 2));
    private static final int UNIT = 1;

    private final ReferenceDevice device = new ReferenceDevice();

    /** A step over two parameters whose gradients the test writes. */
    private final class Trainer implements AutoCloseable {

        private final Plan plan;

        private final Device device;

        Trainer(OptimizerUpdate update, LossScaling scaling, double maxNorm) {
            this(update, scaling, maxNorm, StepOpsTest.this.device);
        }

        Trainer(OptimizerUpdate update, LossScaling scaling, double maxNorm, Device device) {
            this.device = device;
            Tape tape = Tape.recording();
            TensorType block = TensorType.of(DType.F32, 2);
            Tensor gradients = tape.input("gradients", block);
            Tensor health = gradients.apply(new GradientHealth(update.segments()));
            Tensor control =
                    tape.input("control", Control.block()).apply(new ScaleAndClip(scaling, maxNorm, UNIT), health);
            Value[] operands = new Value[3 + update.moments()];
            operands[0] = gradients;
            for (int moment = 0; moment < update.moments(); moment++) {
                operands[1 + moment] =
                        tape.input("moment " + moment, update.state(block).get(moment));
            }
            operands[1 + update.moments()] = control;
            operands[2 + update.moments()] = tape.input("statistics", OptimizerUpdate.block(1));
            tape.parameter("parameters", Literal.of(1, -2)).apply(update, operands);
            plan = Plan.compile(tape, device, List.of(), Map.of());
            set(Control.LEARNING_RATE, 0.1);
            set(Control.LOSS_SCALE, 1);
        }

        void step(double first, double second) {
            set(Control.TOTAL_WEIGHT, UNIT);
            Transfer.write(device, plan.input("gradients"), first, second);
            plan.run();
        }

        double get(Control slot) {
            return read("control")[slot.slot()];
        }

        void set(Control slot, double value) {
            double[] control = read("control");
            control[slot.slot()] = value;
            Transfer.write(device, plan.input("control"), control);
        }

        double[] read(String name) {
            return Transfer.read(device, plan.input(name));
        }

        @Override
        public void close() {
            plan.close();
        }
    }

    @Test
    void movesTheLossScaleAsGradScalerDoes() {
        LossScaling scaling = new LossScaling(2, 0.5, 3);
        try (Trainer trainer = new Trainer(new SgdUpdate(0, 0, false, 0, ONE), scaling, Double.POSITIVE_INFINITY)) {
            trainer.set(Control.LOSS_SCALE, 4);
            double[] gradients = {1, 1, Double.POSITIVE_INFINITY, 1, 1, 1, Double.NaN, 1};
            double[] scales = {4, 4, 2, 2, 2, 4, 2, 2};
            double[] counts = {1, 2, 2, 3, 4, 5, 5, 6};
            for (int i = 0; i < gradients.length; i++) {
                double before = trainer.get(Control.LOSS_SCALE);
                trainer.step(gradients[i], 0);
                assertThat(trainer.get(Control.STEP_SCALE)).isEqualTo(before);
                assertThat(trainer.get(Control.LOSS_SCALE)).as("step %d", i).isEqualTo(scales[i]);
                assertThat(trainer.get(Control.STEP_COUNT)).as("step %d", i).isEqualTo(counts[i]);
            }
            assertThat(trainer.get(Control.SKIPPED_STEPS)).isEqualTo(2);
        }
    }

    @Test
    void neverLowersTheLossScaleBelowOne() {
        LossScaling scaling = new LossScaling(2, 0.5, 3);
        try (Trainer trainer = new Trainer(new SgdUpdate(0, 0, false, 0, ONE), scaling, 1)) {
            trainer.step(Double.NaN, 0);
            assertThat(trainer.get(Control.LOSS_SCALE)).isEqualTo(1);
        }
    }

    @Test
    void changesNothingInASkippedStep() {
        try (Trainer trainer = new Trainer(new AdamUpdate(0.9, 0.999, 1e-8, 0.1, true, ONE), LossScaling.FIXED, 1)) {
            trainer.step(1, 1);
            double[] parameters = trainer.read("parameters");
            double[] moment = trainer.read("moment 0");
            trainer.step(Double.NaN, 1);

            assertThat(trainer.get(Control.FOUND_INF)).isEqualTo(1);
            assertThat(trainer.read("parameters")).containsExactly(parameters);
            assertThat(trainer.read("moment 0")).containsExactly(moment);
            assertThat(trainer.read("statistics")[OptimizerUpdate.Column.SQUARED_UPDATE.index()])
                    .isZero();
            trainer.step(1, 1);
            assertThat(trainer.get(Control.STEP_COUNT)).isEqualTo(2);
        }
    }

    /** 2e19 and its norm are finite, but its square, which moments are made of, is beyond a float. */
    @TestFactory
    Stream<DynamicTest> refusesGradientsWhoseSquaresOverflow() {
        return Stream.<OptimizerUpdate>of(
                        new AdamUpdate(0.9, 0.999, 1e-8, 0, true, ONE),
                        new RmspropUpdate(0.99, 1e-8, 0, 0, false, ONE),
                        new QuantizedAdamUpdate(0.9, 0.999, 1e-8, 0, ONE))
                .flatMap(update -> Devices.all().entrySet().stream()
                        .map(entry -> DynamicTest.dynamicTest(
                                entry.getKey() + " " + update.name(),
                                () -> refusesGradientsWhoseSquaresOverflow(
                                        update, entry.getValue().get()))));
    }

    private void refusesGradientsWhoseSquaresOverflow(OptimizerUpdate update, Device on) {
        double unclipped = Double.POSITIVE_INFINITY;
        try (on;
                Trainer trainer = new Trainer(update, LossScaling.FIXED, unclipped, on)) {
            trainer.step(1, 1);
            double[] before = trainer.read("parameters");
            trainer.step(2e19, 0);

            assertThat(trainer.get(Control.FOUND_INF)).isEqualTo(1);
            assertThat(trainer.get(Control.SKIPPED_STEPS)).isEqualTo(1);
            assertThat(trainer.read("parameters")).containsExactly(before);
            trainer.step(1, 1);
            assertThat(trainer.read("parameters")[0]).isLessThan(before[0]);
        }
    }

    @Test
    void takesAHugeGradientThatIsClipped() {
        try (Trainer trainer = new Trainer(new AdamUpdate(0.9, 0.999, 1e-8, 0, true, ONE), LossScaling.FIXED, 1)) {
            trainer.step(2e19, 0);

            assertThat(trainer.get(Control.FOUND_INF)).isZero();
            assertThat(trainer.read("moment 0")[0]).isCloseTo(0.1, within(1e-7));
        }
    }

    @Test
    void clipsTheUnscaledNorm() {
        try (Trainer trainer = new Trainer(new SgdUpdate(0, 0, false, 0, ONE), LossScaling.FIXED, 1)) {
            trainer.set(Control.LOSS_SCALE, 8);
            trainer.step(8 * 3, 8 * 4);

            assertThat(Math.sqrt(trainer.get(Control.SQUARED_NORM))).isEqualTo(5);
            assertThat(trainer.get(Control.CLIP_COEFFICIENT)).isEqualTo(1 / (5 + 1e-6));
            assertThat(trainer.read("parameters")[0]).isCloseTo(1 - 0.1 * 3 / (5 + 1e-6), within(1e-7));
        }
    }

    @Test
    void clipsNothingBelowTheLimit() {
        try (Trainer trainer = new Trainer(new SgdUpdate(0, 0, false, 0, ONE), LossScaling.FIXED, 5.1)) {
            trainer.step(3, 4);
            assertThat(trainer.get(Control.CLIP_COEFFICIENT)).isEqualTo(1);
        }
    }

    @Test
    void dividesByTheWeightOfAllRows() {
        Tape tape = Tape.recording();
        Tensor control = tape.input("control", Control.block());
        for (int batch = 0; batch < 2; batch++) {
            control = control.apply(
                    new TallyLoss(),
                    tape.input("losses " + batch, Literal.of(1, 2, Double.NaN)),
                    tape.input("weights " + batch, Literal.of(1, 0.5, 0)));
        }
        Tensor health = tape.input("gradients", Literal.of(6, 0)).apply(new GradientHealth(ONE));
        control = control.apply(new ScaleAndClip(LossScaling.FIXED, 1e9, 6), health);
        double[] slots = new double[Control.values().length];
        try (Plan plan = Plan.compile(tape, device, control)) {
            slots[Control.LOSS_SCALE.slot()] = 2;
            Transfer.write(device, plan.input("control"), slots);
            plan.run();
            slots = Transfer.read(device, plan.buffer(control));
        }
        assertThat(slots[Control.STEP_LOSS.slot()]).isEqualTo(2 * (1 + 0.5 * 2) / 3);
        assertThat(slots[Control.STEP_WEIGHT.slot()]).isEqualTo(3);
        assertThat(slots[Control.UNSCALE.slot()]).isEqualTo(6.0 / (3 * 2));
        assertThat(slots[Control.TOTAL_LOSS.slot()]).isZero();
        assertThat(slots[Control.TOTAL_WEIGHT.slot()]).isZero();
    }

    @Test
    void followsSgdInClosedForm() {
        // constant gradient 1, momentum ½: b = 1, 3/2, 7/4
        assertPath(new SgdUpdate(0, 0, false, 0, ONE), 3, 1 - 0.1 * 3);
        assertPath(new SgdUpdate(0.5, 0, false, 0, ONE), 3, 1 - 0.1 * (1 + 1.5 + 1.75));
        assertPath(new SgdUpdate(0.5, 0, true, 0, ONE), 3, 1 - 0.1 * (1.5 + 1.75 + 1.875));
        assertPath(new SgdUpdate(0.5, 0.5, false, 0, ONE), 3, 1 - 0.1 * (1 + 1 + 1));
        assertPath(new SgdUpdate(0, 0, false, 0.5, ONE), 2, 0.85 - 0.1 * (1 + 0.5 * 0.85));
    }

    @Test
    void followsAdamInClosedForm() {
        // under a constant gradient both corrected moments are exactly the gradient and its square
        assertPath(new AdamUpdate(0.9, 0.999, 0, 0, false, ONE), 5, 1 - 5 * 0.1);
        assertPath(new AdamUpdate(0.9, 0.999, 1, 0, false, ONE), 5, 1 - 5 * 0.1 / 2);
        DoubleBinaryOperator decayed = (p, ignored) -> p * (1 - 0.1 * 0.5) - 0.1;
        assertPath(
                new AdamUpdate(0.9, 0.999, 0, 0.5, true, ONE),
                2,
                decayed.applyAsDouble(decayed.applyAsDouble(1, 0), 0));
    }

    @Test
    void flushesMomentsThatDecayTowardDenormals() {
        try (Trainer trainer = new Trainer(new AdamUpdate(0.5, 0.5, 1e-8, 0, false, ONE), LossScaling.FIXED, 1e9)) {
            trainer.step(1, 0);
            for (int i = 0; i < 120; i++) {
                trainer.step(0, 0);
            }
            assertThat(trainer.read("moment 0")).containsOnly(0);
            assertThat(trainer.read("moment 1")).containsOnly(0);
            double[] parameters = trainer.read("parameters");
            assertThat(parameters[0]).isFinite();
            assertThat(parameters[1]).isEqualTo(-2);
        }
    }

    @Test
    void measuresUpdatesAndWeights() {
        try (Trainer trainer = new Trainer(new SgdUpdate(0, 0, false, 0, ONE), LossScaling.FIXED, 1e9)) {
            trainer.step(3, 4);
            double[] statistics = trainer.read("statistics");
            double[] parameters = trainer.read("parameters");
            assertThat(statistics[OptimizerUpdate.Column.SQUARED_UPDATE.index()])
                    .isCloseTo(0.25, within(1e-12));
            assertThat(statistics[OptimizerUpdate.Column.SQUARED_WEIGHT.index()])
                    .isCloseTo(parameters[0] * parameters[0] + parameters[1] * parameters[1], within(1e-6));
        }
    }

    @Test
    void refusesImpossibleSettings() {
        assertThatThrownBy(() -> new SgdUpdate(0, 0, true, 0, ONE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AdamUpdate(1, 0.9, 1e-8, 0, false, ONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LossScaling(0.5, 0.5, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Segments.of(new Segment(0, 3), new Segment(2, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The first parameter after some steps under a constant gradient of 1. */
    private void assertPath(OptimizerUpdate update, int steps, double expected) {
        try (Trainer trainer = new Trainer(update, LossScaling.FIXED, Double.POSITIVE_INFINITY)) {
            for (int i = 0; i < steps; i++) {
                trainer.step(1, 0);
            }
            assertThat(trainer.read("parameters")[0]).as("%s", update).isCloseTo(expected, within(1e-6));
        }
    }
}
