package io.gradstream.pipeline.trainer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.StepSpec;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.topic.MetricEvent;
import io.gradstream.connectors.topic.MetricRecord;
import io.gradstream.pipeline.batching.StepBatch;
import io.gradstream.pipeline.progress.Progress;
import io.gradstream.pipeline.publish.Publication;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** What a trainer's metrics say about a loss that does not fall. */
class StallWatchTest {
    private static final int ROWS = 64;
    private static final ToDoubleFunction<float[]> LEARNABLE = row -> row[0] > row[1] ? 1 : 0;

    @Test
    void publishesWhyTheLossDoesNotFall() {
        List<MetricEvent> events = events(130, LEARNABLE, "training.optimizer={type: adamw, learningRate: 1e-10}");
        assertThat(events).isNotEmpty().allSatisfy(event -> {
            assertThat(event.event()).isEqualTo("stalled");
            assertThat(event.fields()).containsOnlyKeys("reason", "text", "facts");
        });
        assertThat(events).first().satisfies(event -> {
            assertThat(event.step()).isEqualTo(60);
            assertThat(event.fields().get("reason")).isEqualTo("learning-rate-too-small");
            assertThat(event.fields().get("facts")).asString().startsWith("largest update ratio=");
            assertThat(new String(event.toJson(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("\"event\":\"stalled\"");
        });
        assertThat(events)
                .as("a reason is said once, not every time it is found")
                .extracting(event -> event.fields().get("reason"))
                .doesNotHaveDuplicates();
    }

    @Test
    void saysNothingWhileTheLossFalls() {
        assertThat(events(130, LEARNABLE, "training.optimizer={type: adamw, learningRate: 0.003}"))
                .isEmpty();
    }

    @Test
    void canBeSwitchedOff() {
        String slow = "training.optimizer={type: adamw, learningRate: 1e-10}";
        assertThat(events(130, _ -> 1, slow, "training.watchEvery=0")).isEmpty();
        assertThat(events(130, _ -> 1, slow))
                .extracting(event -> event.fields().get("reason"))
                .contains("constant-labels");
    }

    @Test
    void changesNothingOfWhatIsLearned() {
        assertThat(weights(130, "training.watchEvery=60")).isEqualTo(weights(130, "training.watchEvery=0"));
    }

    private static List<MetricEvent> events(int steps, ToDoubleFunction<float[]> label, String... overrides) {
        return train(steps, label, overrides).stream()
                .flatMap(publication -> publication.metrics().stream())
                .filter(MetricEvent.class::isInstance)
                .map(MetricRecord::toJson)
                .map(MetricRecord::parse)
                .map(MetricEvent.class::cast)
                .toList();
    }

    private static Object weights(int steps, String... overrides) {
        return train(steps, _ -> 1, overrides).getLast().weights();
    }

    private static List<Publication> train(int steps, ToDoubleFunction<float[]> label, String... overrides) {
        Configuration configuration = ConfigurationLoader.parse("test.yaml", """
                name: clicks
                kafka: {bootstrap: "localhost:9092"}
                source: {topics: [events]}
                features: [{column: x, type: numeric}, {column: y, type: numeric}]
                label: {column: clicked}
                model: {type: mlp, hidden: [16]}
                loss: binary-cross-entropy
                training: {microBatch: 64, watchEvery: 60, seed: 3}
                publish: {weights: {every: 10 steps}}
                """, List.of(overrides), Map.of());
        StepSpec spec = StepSpecs.of(configuration);
        Random random = new Random(5);
        try (Device device = CpuDevice.open();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(spec.model(), ROWS)) {
            Trainer trainer = new Trainer(
                    configuration,
                    step,
                    new Progress(configuration.loss(), 1),
                    Nowhere.ORIGINS,
                    Nowhere.past(),
                    Nowhere.undone(),
                    TrainingListener.NONE,
                    () -> 0,
                    Clock.systemUTC(),
                    () -> 0);
            List<Publication> publications = new ArrayList<>();
            for (int i = 0; i < steps; i++) {
                fill(batch, random, label);
                trainer.train(new StepBatch(
                                List.of(batch), List.of(), Map.of(), List.of(), List.of(), List.of(), () -> {}))
                        .ifPresent(publications::add);
            }
            trainer.finish().ifPresent(publications::add);
            return publications;
        }
    }

    private static void fill(MicroBatch batch, Random random, ToDoubleFunction<float[]> label) {
        batch.rows(ROWS);
        for (int row = 0; row < ROWS; row++) {
            float[] values = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            batch.dense().setAtIndex(JAVA_FLOAT, 2L * row, values[0]);
            batch.dense().setAtIndex(JAVA_FLOAT, 2L * row + 1, values[1]);
            batch.label().setAtIndex(JAVA_FLOAT, row, (float) label.applyAsDouble(values));
        }
    }
}
