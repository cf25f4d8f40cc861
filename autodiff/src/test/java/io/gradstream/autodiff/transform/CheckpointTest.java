package io.gradstream.autodiff.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Draws;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Tanh;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointTest {

    private static final int LAYERS = 100;
    private static final int ROWS = 256;
    private static final int WIDTH = 4;

    /** 100 layers of linear and tanh; their gradients are small beside one activation. */
    private record Deep(Tape tape, Tensor loss, List<Tensor> layers, List<Tensor> weights) {

        static Deep record() {
            Tape tape = Tape.recording();
            Tensor x = tape.input("x", Literal.wave(ROWS, WIDTH));
            Tensor bias = tape.parameter("bias", Literal.fraction(WIDTH));
            List<Tensor> layers = new ArrayList<>();
            List<Tensor> weights = new ArrayList<>();
            for (int i = 0; i < LAYERS; i++) {
                Tensor weight = tape.parameter("weight " + i, Literal.ripple(WIDTH, WIDTH));
                x = x.linear(weight, bias).tanh();
                weights.add(weight);
                layers.add(x);
            }
            return new Deep(tape, x.square().mean(), layers, weights);
        }

        Plan plan(Device device, Function<Deep, Checkpoint> checkpoint) {
            List<Tensor> gradients = Gradient.of(tape, loss, weights, checkpoint.apply(this));
            return Plan.compile(tape, device, gradients, Map.of());
        }
    }

    static Iterable<Map.Entry<String, Supplier<Device>>> devices() {
        return Devices.all().entrySet();
    }

    @Test
    void keepsTwiceTheRootOfTheLayersAlive() {
        long activation = (long) ROWS * WIDTH * new ReferenceDevice().bytesPerElement(DType.F32);
        try (Device device = new ReferenceDevice();
                Plan plain = Deep.record().plan(device, deep -> Checkpoint.everything());
                Plan checkpointed = Deep.record().plan(device, deep -> Checkpoint.squareRoot(deep.layers()))) {
            double root = Math.sqrt(LAYERS);

            assertThat((double) plain.arenaBytes() / activation).isGreaterThan(LAYERS);
            assertThat((double) checkpointed.arenaBytes() / activation).isLessThan(2 * root + 6);
        }
    }

    @Test
    void computesAtMostOneMoreForwardPass() {
        try (Device device = new ReferenceDevice();
                Plan forward = forward(device);
                Plan plain = Deep.record().plan(device, deep -> Checkpoint.everything());
                Plan checkpointed = Deep.record().plan(device, deep -> Checkpoint.squareRoot(deep.layers()))) {
            int extra = checkpointed.calls() - plain.calls();

            assertThat(extra).isPositive().isLessThanOrEqualTo(forward.calls());
        }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void changesNoBitOfAGradient(Map.Entry<String, Supplier<Device>> entry) {
        try (Device device = entry.getValue().get();
                Plan plain = Deep.record().plan(device, deep -> Checkpoint.everything());
                Plan root = Deep.record().plan(device, deep -> Checkpoint.squareRoot(deep.layers()));
                Plan seventh = Deep.record().plan(device, deep -> Checkpoint.every(7, deep.layers()));
                Plan activations = Deep.record().plan(device, deep -> withoutActivations())) {
            List<double[]> truth = run(plain);

            for (Plan checkpointed : List.of(root, seventh, activations)) {
                List<double[]> gradients = run(checkpointed);
                for (int i = 0; i < truth.size(); i++) {
                    assertThat(gradients.get(i)).containsExactly(truth.get(i));
                }
            }
        }
    }

    @Test
    void recomputesOnlyWhatAChoiceNames() {
        Deep deep = Deep.record();
        Gradient.of(deep.tape(), deep.loss(), deep.weights(), withoutActivations());

        assertThat(deep.tape().nodes().stream().filter(Tensor::isRecomputed))
                .hasSize(LAYERS)
                .allMatch(node -> node.op() instanceof Tanh);
    }

    /** What was dropped is a function of a counter, so the mask comes out the same when it is computed again. */
    @Test
    void dropsTheSameElementsAgain() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor counter = tape.input("counter", new Literal(TensorType.of(DType.F64, 1), 3));
            Tensor x = tape.parameter("x", Literal.wave(64));
            Tensor dropped = x.tanh().dropout(0.5, new Draws(7, 1), counter);
            Tensor loss = dropped.square().sum();
            double[] plain = Gradient.of(loss, x).get(0).values();

            assertThat(Gradient.of(tape, loss, List.of(x), Checkpoint.except(value -> true))
                            .get(0)
                            .values())
                    .containsExactly(plain)
                    .contains(0);
        }
    }

    /** y = c·x² with c = tanh x held fast: its second derivative is 2c. */
    @Test
    void holdsFastAgainWhatWasHeldFast() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.parameter("x", new Literal(TensorType.of(DType.F64), 0.5));
            Tensor fast = tape.untracked(x::tanh);
            Tensor slope = Gradient.of(tape, fast.multiply(x.square()), List.of(x), withoutTanh())
                    .get(0);

            assertThat(slope.item()).isEqualTo(Math.tanh(0.5));
            assertThat(Gradient.of(tape, slope, List.of(x)).get(0).item()).isEqualTo(2 * Math.tanh(0.5));
        }
    }

    @Test
    void recomputesAnEagerTapeToo() {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.parameter("x", Literal.of(0.5, -1));
            List<Tensor> layers = new ArrayList<>();
            Tensor y = x;
            for (int i = 0; i < 6; i++) {
                y = y.multiply(1.5).sigmoid();
                layers.add(y);
            }
            double[] plain = Gradient.of(tape, y.sum(), List.of(x)).get(0).values();

            assertThat(Gradient.of(tape, y.sum(), List.of(x), Checkpoint.every(2, layers))
                            .get(0)
                            .values())
                    .containsExactly(plain);
        }
    }

    @Test
    void recomputesAChainOfAHundredThousandNodes() {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", TensorType.of(DType.F32));
        Tensor y = x;
        for (int i = 0; i < 100_000; i++) {
            y = y.tanh();
        }
        int forward = tape.size();

        Gradient.of(tape, y, List.of(x), Checkpoint.except(value -> value.op() instanceof Tanh));

        assertThat(tape.nodes().subList(forward, tape.size()).stream().filter(Tensor::isRecomputed))
                .hasSize(100_000);
    }

    @Test
    void refusesASegmentWithoutLayers() {
        assertThatThrownBy(() -> Checkpoint.every(0, List.of())).hasMessageContaining("count=0");
    }

    private static Checkpoint withoutTanh() {
        return Checkpoint.except(value -> value.op() instanceof Tanh);
    }

    private static Checkpoint withoutActivations() {
        return Checkpoint.except(
                value -> value.op() instanceof Tanh && !value.shape().equals(Shape.scalar()));
    }

    private static Plan forward(Device device) {
        Deep deep = Deep.record();
        return Plan.compile(deep.tape(), device, deep.loss());
    }

    private static List<double[]> run(Plan plan) {
        plan.run();
        return plan.outputs().stream()
                .map(output -> Transfer.read(plan.device(), plan.buffer(output)))
                .toList();
    }
}
