package io.gradstream.pipeline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.topic.MetricEvent;
import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.pipeline.Pipeline;
import io.gradstream.pipeline.PipelineListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo's clicks through the service while somebody watches for a drift: the truth behind them changes once. */
class ClickDriftTest {
    private static final int ROWS_PER_STEP = 50;
    private static final int STEPS_PER_TRUTH = 1000;
    private static final int SOON = 100;

    @ParameterizedTest
    @ValueSource(strings = {"adwin", "pageHinkley"})
    void findsWhereTheTruthChanges(String detector, @TempDir Path directory) throws IOException {
        long rows = (long) ROWS_PER_STEP * STEPS_PER_TRUTH;
        Drifts drifts = new Drifts(new CopyOnWriteArrayList<>());
        try (EmbeddedBroker broker =
                EmbeddedBroker.builder().directory(directory.resolve("kafka")).start()) {
            Configuration configuration = ConfigurationLoader.parse(
                    "demo.yaml",
                    demo(),
                    List.of(
                            "kafka.bootstrap=" + broker.bootstrap(),
                            "checkpoint.directory=" + directory.resolve("checkpoints"),
                            "training.microBatch=" + ROWS_PER_STEP,
                            "training.flush=off",
                            "guard.drift." + detector + "={}",
                            "stop.rows=" + 2 * rows),
                    Map.of());
            try (Pipeline pipeline = new Pipeline(configuration, drifts);
                    ClickProducer _ = new ClickProducer(
                            broker.bootstrap(),
                            "demo.events",
                            new ClickStream(7, rows),
                            new BestLosses(Integer.MAX_VALUE),
                            2 * rows,
                            Double.POSITIVE_INFINITY)) {
                pipeline.run();
            }
        }
        System.out.println(detector + ": drifts at steps " + drifts.steps);
        assertThat(drifts.steps)
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step).isBetween(STEPS_PER_TRUTH + 1L, (long) STEPS_PER_TRUTH + SOON));
    }

    private static String demo() throws IOException {
        try (InputStream in = Demo.class.getResourceAsStream("/demo.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private record Drifts(List<Long> steps) implements PipelineListener {
        @Override
        public void stepped(StepMetrics figures) {}

        @Override
        public void happened(MetricEvent event) {
            if (event.event().equals("drift")) {
                steps.add(event.step());
            }
        }
    }
}
