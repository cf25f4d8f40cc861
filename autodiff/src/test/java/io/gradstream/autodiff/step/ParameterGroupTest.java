package io.gradstream.autodiff.step;

import static io.gradstream.autodiff.step.Batches.fill;
import static io.gradstream.autodiff.step.Batches.mlp;
import static io.gradstream.autodiff.step.Batches.parameter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ParameterGroupTest {
    private static final int ROWS = 16;
    private static final double RATE = 0.05;

    static List<OptimizerSpec> optimizers() {
        return List.of(
                new OptimizerSpec.Sgd(0.9, 0, false, 0.1),
                OptimizerSpec.Adam.decoupled(0.1),
                OptimizerSpec.Adafactor.usual().withWeightDecay(0.1),
                OptimizerSpec.QuantizedAdam.usual(0.1));
    }

    @Test
    void matchesNamesWithStars() {
        ParameterGroup tables = ParameterGroup.frozen("embedding.*.weight");
        assertThat(tables.matches("embedding.site.weight")).isTrue();
        assertThat(tables.matches("embedding.site.bias")).isFalse();
        assertThat(tables.matches("embedding_site.weight")).as("a dot is a dot").isFalse();
        assertThat(ParameterGroup.frozen("*.bias").matches("mlp.0.bias")).isTrue();
        assertThat(ParameterGroup.frozen("mlp.0.bias").matches("mlp.0.bias")).isTrue();
        assertThat(ParameterGroup.frozen("*").matches("anything")).isTrue();
    }

    /** One group must do to its parameters what the whole step does when everything is trained that way. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void trainsEachGroupAsIfAllWereTrainedThatWay(OptimizerSpec optimizer) {
        Map<String, float[]> plain = afterAStep(optimizer, RATE, List.of());
        Map<String, float[]> slower = afterAStep(optimizer, RATE / 4, List.of());
        Map<String, float[]> undecayed = afterAStep(optimizer.withWeightDecay(0), RATE, List.of());
        Map<String, float[]> grouped = afterAStep(
                optimizer,
                RATE,
                List.of(
                        ParameterGroup.learning("mlp.0.weight", 0.25),
                        ParameterGroup.decaying("*.bias", 0),
                        ParameterGroup.learning("mlp.0.*", 1000)));
        assertThat(grouped.get("mlp.0.weight")).containsExactly(slower.get("mlp.0.weight"));
        assertThat(grouped.get("mlp.0.bias")).containsExactly(undecayed.get("mlp.0.bias"));
        assertThat(grouped.get("mlp.1.bias")).containsExactly(undecayed.get("mlp.1.bias"));
        assertThat(grouped.get("mlp.1.weight")).containsExactly(plain.get("mlp.1.weight"));
        assertThat(slower.get("mlp.0.weight")).isNotEqualTo(plain.get("mlp.0.weight"));
        assertThat(undecayed.get("mlp.0.bias")).isNotEqualTo(plain.get("mlp.0.bias"));
    }

    @Test
    void leavesFrozenParametersWithoutGradientAndMoments() {
        StepSpec spec = spec(OptimizerSpec.Adam.usual())
                .groups(List.of(ParameterGroup.frozen("mlp.0.*")))
                .build();
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device)) {
            float[] before = parameter(step, "mlp.0.weight");
            float[] head = parameter(step, "mlp.1.weight");
            take(step, 3);
            assertThat(parameter(step, "mlp.0.weight")).containsExactly(before);
            assertThat(parameter(step, "mlp.1.weight")).isNotEqualTo(head);
            assertThat(step.snapshot().blocks())
                    .extracting(Snapshot.Block::name)
                    .contains("parameter.mlp.0.weight", "gradient.mlp.1.weight", "moment.0.mlp.1.weight")
                    .doesNotContain("gradient.mlp.0.weight", "moment.0.mlp.0.weight");
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void goesOnFromASnapshotWithGroups(OptimizerSpec optimizer) {
        StepSpec spec = spec(optimizer)
                .groups(List.of(ParameterGroup.decaying("*.bias", 0), ParameterGroup.learning("mlp.0.*", 0.5)))
                .average(OptionalDouble.of(0.9))
                .build();
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                TrainingStep other = new TrainingStep(spec, device)) {
            take(step, 3);
            other.restore(step.snapshot());
            take(step, 3);
            take(other, 3);
            assertThat(Batches.all(other)).containsExactly(Batches.all(step));
            for (int i = 0; i < step.served().size(); i++) {
                assertThat(other.served().get(i).values())
                        .containsExactly(step.served().get(i).values());
            }
        }
    }

    @Test
    void clipsEachGroupByItsOwnNormAndWarns() {
        StepSpec whole = spec(OptimizerSpec.Sgd.plain()).build();
        StepSpec clipped = spec(OptimizerSpec.Sgd.plain())
                .groups(List.of(ParameterGroup.learning("mlp.1.*", 1)))
                .clip(new Clip.GroupNorm(0.01))
                .build();
        assertThat(whole.warnings()).isEmpty();
        assertThat(clipped.warnings())
                .singleElement()
                .asString()
                .contains("direction of the gradient")
                .contains("groups=2");
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(clipped, device)) {
            Map<String, float[]> before = values(step);
            StepReport report = take(step, 1);
            assertThat(report.clipped()).isTrue();
            assertThat(report.clippedNorm()).isCloseTo(0.01 * Math.sqrt(2), Offset.offset(1e-5));
            for (String layer : List.of("mlp.0.", "mlp.1.")) {
                double squares = 0;
                for (String name : List.of(layer + "weight", layer + "bias")) {
                    float[] after = parameter(step, name);
                    float[] earlier = Objects.requireNonNull(before.get(name));
                    for (int i = 0; i < after.length; i++) {
                        double moved = (after[i] - earlier[i]) / RATE;
                        squares += moved * moved;
                    }
                }
                assertThat(Math.sqrt(squares)).as(layer).isCloseTo(0.01, Offset.offset(1e-5));
            }
        }
    }

    @Test
    void trainsAndAveragesTablesByTheirGroup() {
        ModelSpec model = new ModelSpec(
                List.of(new InputColumn.Categorical("site", 10, 4), new InputColumn.Numeric("x")),
                new Architecture.Mlp(List.of(7), Activation.TANH),
                1);
        StepSpec spec = Batches.spec(model, Loss.MSE, OptimizerSpec.Sgd.plain(), ROWS, 1);
        StepSpec grouped = spec.but()
                .groups(List.of(ParameterGroup.learning("embedding.*", 0.25)))
                .average(OptionalDouble.of(0.5))
                .build();
        String table = "embedding.site.weight";
        try (Device device = Devices.one();
                TrainingStep plain = new TrainingStep(spec, device);
                TrainingStep slower = new TrainingStep(spec, device);
                TrainingStep step = new TrainingStep(grouped, device)) {
            float[] first = parameter(plain, table);
            takeRows(plain, RATE);
            takeRows(slower, RATE / 4);
            takeRows(step, RATE);
            assertThat(parameter(step, table)).containsExactly(parameter(slower, table));
            assertThat(parameter(step, table)).isNotEqualTo(first);
            assertThat(parameter(step, "mlp.0.weight")).containsExactly(parameter(plain, "mlp.0.weight"));
            float[] before = parameter(step, table);
            takeRows(step, RATE);
            float[] after = parameter(step, table);
            float[] served = step.served().getFirst().values();
            for (int i = 0; i < served.length; i++) {
                assertThat(served[i]).isEqualTo((before[i] + after[i]) / 2, Offset.offset(1e-6f));
            }
        }
    }

    private static void takeRows(TrainingStep step, double rate) {
        try (MicroBatch batch = new MicroBatch(step.spec().model(), ROWS)) {
            fill(batch, Batches.rows(ROWS, 1), new float[ROWS], 0, ROWS);
            for (int row = 0; row < ROWS; row++) {
                batch.ids(0).setAtIndex(ValueLayout.JAVA_INT, row, row % 5);
            }
            step.accumulate(batch);
            step.step(rate);
        }
    }

    @Test
    void refusesGroupsThatMatchNothing() {
        StepSpec spec = spec(OptimizerSpec.Sgd.plain())
                .groups(List.of(ParameterGroup.frozen("embeding.*")))
                .build();
        try (Device device = Devices.one()) {
            assertThatThrownBy(() -> new TrainingStep(spec, device))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "a group must match a parameter: match=embeding.* parameters=[mlp.0.weight");
        }
    }

    private static StepSpec.Builder spec(OptimizerSpec optimizer) {
        return Batches.spec(mlp(5, 1, Activation.TANH, 7), Loss.MSE, optimizer, ROWS, 1)
                .but();
    }

    private static Map<String, float[]> afterAStep(OptimizerSpec optimizer, double rate, List<ParameterGroup> groups) {
        try (Device device = Devices.one();
                TrainingStep step =
                        new TrainingStep(spec(optimizer).groups(groups).build(), device)) {
            Batches.set(step, "mlp.0.bias", 1, 2, 3, 4, 5, 6, 7);
            Batches.set(step, "mlp.1.bias", 1);
            take(step, 1, rate);
            return values(step);
        }
    }

    private static Map<String, float[]> values(TrainingStep step) {
        Map<String, float[]> values = new HashMap<>();
        step.parameters().forEach(parameter -> values.put(parameter.name(), parameter.values()));
        return values;
    }

    private static StepReport take(TrainingStep step, int steps) {
        return take(step, steps, RATE);
    }

    private static StepReport take(TrainingStep step, int steps, double rate) {
        float[][] rows = Batches.rows(ROWS, 5);
        float[] labels = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = rows[i][0] + rows[i][1] * rows[i][2];
        }
        try (MicroBatch batch = new MicroBatch(step.spec().model(), ROWS)) {
            fill(batch, rows, labels, 0, ROWS);
            for (int i = 1; i < steps; i++) {
                step.accumulate(batch);
                step.step(rate);
            }
            step.accumulate(batch);
            return step.step(rate);
        }
    }
}
