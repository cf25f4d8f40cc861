package io.gradstream.pipeline.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.op.GradientNoise;
import io.gradstream.autodiff.step.Clip;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.OptimizerSpec;
import io.gradstream.autodiff.step.ParameterGroup;
import io.gradstream.autodiff.step.Schedule;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationException;
import io.gradstream.config.ConfigurationLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepSpecsTest {
    private static final String YAML = """
            name: clicks
            source: {topics: [events]}
            features: [{column: x, type: numeric}, {column: site, type: categorical, buckets: 10, dimension: 4}]
            label: {column: y}
            model: {type: mlp, hidden: [8]}
            loss: binary-cross-entropy
            kafka: {bootstrap: "localhost:9092"}
            training: {microBatch: 4}
            """;

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "adam", "adamw", "adamw8bit", "adagrad", "rmsprop", "lion", "adafactor", "ftrl"})
    void trainsWithEveryOptimizerAndGoesOnFromItsCheckpoint(String type) {
        StepSpec spec = StepSpecs.of(configuration("training.optimizer={type: " + type + "}"));
        try (TrainingStep step = new TrainingStep(spec, CpuDevice.open());
                TrainingStep other = new TrainingStep(spec, CpuDevice.open());
                MicroBatch batch = new MicroBatch(spec.model(), 4)) {
            batch.rows(4);
            take(step, batch);
            other.restore(ModelTensors.snapshot(ModelTensors.state(step.snapshot())));
            take(step, batch);
            take(other, batch);
            assertThat(ModelTensors.weights(other)).isEqualTo(ModelTensors.weights(step));
        }
    }

    @Test
    void namesGroupsAveragesClippingAndSchedule() {
        Configuration configuration = configuration(
                "training.groups=[{match: embedding.*, learningRate: 0.1, weightDecay: 0}, {match: mlp.0.*, frozen: true}]",
                "training.average={decay: 0.5}",
                "training.clip={groupNorm: 2}",
                "training.schedule={type: one-cycle, steps: 100}",
                "training.optimizer={type: rmsprop, centered: true}");
        StepSpec spec = StepSpecs.of(configuration);
        assertThat(spec.groups())
                .containsExactly(
                        new ParameterGroup("embedding.*", 0.1, OptionalDouble.of(0), false),
                        ParameterGroup.frozen("mlp.0.*"));
        assertThat(spec.average()).hasValue(0.5);
        assertThat(spec.clip()).isEqualTo(new Clip.GroupNorm(2));
        assertThat(spec.optimizer()).isEqualTo(new OptimizerSpec.Rmsprop(0.99, 1e-8, 0, 0, true));
        assertThat(StepSpecs.schedule(configuration.training().schedule())).isEqualTo(Schedule.OneCycle.usual(100));
    }

    @Test
    void namesNoiseCheckpointsAndTheThresholdOfHuber() {
        StepSpec spec = StepSpecs.of(configuration(
                "loss=huber",
                "training.huberDelta=2.5",
                "training.checkpointEvery=3",
                "training.gradientNoise={variance: 0.01}"));
        assertThat(spec.loss()).isEqualTo(new Loss.Huber(2.5));
        assertThat(spec.checkpointEvery()).isEqualTo(3);
        assertThat(spec.gradientNoise()).hasValue(new GradientNoise(0.01, 0.55));
        StepSpec usual = StepSpecs.of(configuration("loss=huber"));
        assertThat(usual.loss()).isEqualTo(new Loss.Huber(1));
        assertThat(usual.checkpointEvery()).isZero();
        assertThat(usual.gradientNoise()).isEmpty();
    }

    @Test
    void callsWhatTheEngineCannotDoAFaultOfTheConfiguration() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> StepSpecs.of(configuration("training.groups=[{match: mlp.0.*}, {match: mlp.9.*}]")))
                .withMessage("configuration: training.groups[1].match: must match a parameter of the model, which has"
                        + " embedding.site.weight, mlp.0.weight, mlp.0.bias, mlp.1.weight, mlp.1.bias: value=mlp.9.*");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> StepSpecs.of(configuration("model={type: custom, class: a.B, jar: nowhere.jar}")))
                .withMessageStartingWith("configuration: model: model.jar must be a file");
    }

    @Test
    void publishesTheAverage() {
        StepSpec spec = StepSpecs.of(configuration("training.average={decay: 0.5}"));
        try (TrainingStep step = new TrainingStep(spec, CpuDevice.open());
                MicroBatch batch = new MicroBatch(spec.model(), 4)) {
            batch.rows(4);
            take(step, batch);
            take(step, batch);
            assertThat(ModelTensors.weights(step).getLast().bytes())
                    .isNotEqualTo(
                            ByteBuffer.wrap(bytes(step.parameters().getLast().values())));
        }
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static void take(TrainingStep step, MicroBatch batch) {
        step.accumulate(batch);
        step.step(0.01);
    }

    private static Configuration configuration(String... overrides) {
        return ConfigurationLoader.parse("test.yaml", YAML, List.of(overrides), Map.of());
    }
}
