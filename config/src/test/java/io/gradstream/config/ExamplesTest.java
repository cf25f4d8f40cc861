package io.gradstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The configurations of {@code examples/}. */
class ExamplesTest {
    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void loadsEveryExample(Path file) {
        assertThat(load(file).name()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void loadsTheEffectiveConfigurationOfEveryExampleAsAnEqualOne(Path file) {
        Configuration configuration = load(file);
        String effective = configuration.effectiveYaml();
        assertThat(ConfigurationLoader.parse("effective", effective, List.of(), Map.of())
                        .effectiveYaml())
                .isEqualTo(configuration.effectiveYaml());
    }

    @Test
    void understandsEveryKeyOfTheClickModel() {
        Configuration clicks = load(Path.of("examples/clicks.yaml"));
        assertThat(clicks.kafka().bootstrap()).isEqualTo("localhost:9092");
        assertThat(clicks.source().topics()).containsExactly("clicks.events");
        assertThat(clicks.features())
                .containsExactly(
                        new NumericFeature("age", NumericScale.STANDARDIZE, 0),
                        new NumericFeature("price", NumericScale.LOG1P, 1),
                        new CategoricalFeature("site", 100_000, 16),
                        new BagFeature("tags", 100_000, 16, BagCombine.MEAN));
        assertThat(clicks.weight()).contains(new WeightSettings("importance"));
        assertThat(clicks.model())
                .isEqualTo(new ModelSettings.Mlp(
                        List.of(256, 128),
                        Activation.RELU,
                        Normalization.NONE,
                        0,
                        1,
                        Optional.empty(),
                        Optional.empty()));
        assertThat(clicks.loss()).isEqualTo(LossType.BINARY_CROSS_ENTROPY);
        TrainingSettings training = clicks.training();
        assertThat(training.device()).isEqualTo(new DeviceChoice.Auto());
        assertThat(training.seed()).isEqualTo(7);
        assertThat(training.microBatch()).isEqualTo(1024);
        assertThat(training.accumulate()).isEqualTo(4);
        assertThat(training.flush()).contains(Duration.ofMillis(250));
        assertThat(training.precision()).isEqualTo(Precision.FP32);
        assertThat(training.lossScale()).isEqualTo(new LossScaleSettings(65536, 2, 0.5, 2000));
        assertThat(training.optimizer()).isEqualTo(new OptimizerSettings.AdamW(0.001, 0.9, 0.999, 1e-8, 0.01));
        assertThat(training.schedule()).isEqualTo(new ScheduleSettings.Cosine(500, 100_000, 0.1));
        assertThat(training.clip()).isEqualTo(new ClipSettings.Norm(1));
        assertThat(training.updates()).isEqualTo(Updates.STEP);
        assertThat(training.embeddings()).isEqualTo(Embeddings.EXACT);
        assertThat(training.inspectEvery()).isEqualTo(100);
        assertThat(clicks.publish().weights())
                .isEqualTo(new PublishSettings.Weights(
                        "clicks.weights", new Every.Steps(100), WeightsMode.DELTA, new Size(512 << 10)));
        assertThat(clicks.checkpoint())
                .isEqualTo(new CheckpointSettings(Path.of("data/clicks"), new Every.Steps(1000), 3, Optional.empty()));
        assertThat(clicks.stop())
                .isEqualTo(
                        new StopSettings(Optional.empty(), Optional.empty(), Optional.empty(), Duration.ofSeconds(20)));
        assertThat(clicks.http()).isEqualTo(new HttpSettings("127.0.0.1", Optional.of(8080), new Secret("")));
    }

    @Test
    void fillsTheLeastConfigurationWithDefaultsOfItsName() {
        Configuration minimal = load(Path.of("examples/minimal.yaml"));
        assertThat(minimal.source().group()).isEqualTo("minimal");
        assertThat(minimal.publish().transactionalId()).isEqualTo("minimal");
        assertThat(minimal.publish().weights().topic()).isEqualTo("minimal.weights");
        assertThat(minimal.publish().metrics().topic()).isEqualTo("minimal.metrics");
        assertThat(minimal.publish().journal().topic()).isEqualTo("minimal.journal");
        assertThat(minimal.publish().deadLetter().topic()).isEqualTo("minimal.dead");
        assertThat(minimal.checkpoint().directory()).isEqualTo(Path.of("data/minimal"));
        assertThat(minimal.training().optimizer())
                .isEqualTo(new OptimizerSettings.AdamW(0.001, 0.9, 0.999, 1e-8, 0.01));
        assertThat(minimal.training().clip()).isEqualTo(new ClipSettings.Off());
    }

    @Test
    void readsOffTimesAndDurationsAsTheyLook() {
        Configuration delays = load(Path.of("examples/linear-json.yaml"));
        assertThat(delays.training().flush()).isEmpty();
        assertThat(delays.http().port()).isEmpty();
        assertThat(delays.publish().weights().every()).isEqualTo(new Every.Time(Duration.ofSeconds(10)));
        assertThat(delays.stop())
                .isEqualTo(new StopSettings(
                        Optional.of(1_000_000L),
                        Optional.empty(),
                        Optional.of(Duration.ofSeconds(10)),
                        Duration.ofSeconds(20)));
        assertThat(load(Path.of("examples/classes-fp16.yaml")).source().start())
                .isEqualTo(new StartPosition.At(Instant.parse("2026-11-21T00:00:00Z")));
    }

    private static Configuration load(Path file) {
        return ConfigurationLoader.load(file, List.of(), Map.of());
    }
}
