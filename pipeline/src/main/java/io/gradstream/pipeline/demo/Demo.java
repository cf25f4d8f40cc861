package io.gradstream.pipeline.demo;

import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.connectors.kafka.TopicSpec;
import io.gradstream.connectors.kafka.Topics;
import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.pipeline.Pipeline;
import io.gradstream.pipeline.http.TrainerServer;
import io.gradstream.pipeline.operation.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model that learns a click stream from Kafka while the truth behind the stream changes.
 *
 * <p>Everything is real but the clicks: a broker in this process, Arrow messages, topics, transactions. With a number of rows the
 * truth changes once, in the middle; without one it changes every so often, and the stream never ends.
 */
public final class Demo implements AutoCloseable {
    private static final long SEED = 20_261_121;
    private static final long ENDLESS_ROWS_PER_TRUTH = 400_000;
    private static final double ENDLESS_ROWS_PER_SECOND = 20_000;
    private static final int MAX_ROWS_AHEAD = 200_000;
    private static final int LARGEST_WINDOW = 30_000;

    /** What there is to see after a step. */
    public record View(StepMetrics figures, Score recent, boolean drifted) {}

    /**
     * What came of it.
     *
     * @param beforeDrift the score over the last rows before the truth changed, unless it did not get that far
     * @param atEnd the score over the last rows
     */
    public record Summary(
            long rows,
            double seconds,
            @Nullable Score beforeDrift,
            @Nullable Score atEnd,
            @Nullable StepMetrics last) {}

    private final OptionalLong rows;
    private final long rowsPerTruth;
    private final Consumer<View> viewer;
    private final Path directory;
    private final EmbeddedBroker broker;
    private final Operation operation;
    private final @Nullable TrainerServer server;
    private final Pipeline pipeline;
    private final BestLosses best = new BestLosses(MAX_ROWS_AHEAD);
    private final ScoreWindow window;

    // Touched by the training thread until the run is over.
    private long learned;
    private @Nullable Score beforeDrift;
    private @Nullable StepMetrics last;

    /** A demo without a dashboard. */
    public Demo(OptionalLong rows, Consumer<View> viewer) {
        this(rows, "off", viewer);
    }

    /**
     * Starts broker and dashboard.
     *
     * @param port of the dashboard, as in {@code http.port}
     */
    public Demo(OptionalLong rows, String port, Consumer<View> viewer) {
        this.rows = rows;
        this.rowsPerTruth = rows.isPresent() ? Math.max(1, rows.getAsLong() / 2) : ENDLESS_ROWS_PER_TRUTH;
        this.viewer = viewer;
        this.window = new ScoreWindow(Math.clamp(rowsPerTruth / 5, 1, LARGEST_WINDOW));
        try {
            directory = Files.createTempDirectory("gradstream-demo");
        } catch (IOException e) {
            throw new UncheckedIOException("the demo needs a temporary directory", e);
        }
        broker = EmbeddedBroker.builder().directory(directory.resolve("kafka")).start();
        Configuration configuration = configuration(port);
        try (Topics topics = new Topics(Map.of("bootstrap.servers", broker.bootstrap()))) {
            topics.ensure(List.of(TopicSpec.of(topic(configuration), 1)));
        }
        operation = new Operation(configuration);
        server = TrainerServer.start(operation);
        pipeline = new Pipeline(operation, this::stepped);
    }

    /** Where the dashboard is, if there is one. */
    public Optional<String> dashboard() {
        return Optional.ofNullable(server).map(TrainerServer::url);
    }

    /** Where the broker is, for whoever wants to look into the topics meanwhile. */
    public String bootstrap() {
        return broker.bootstrap();
    }

    /** Learns until the rows are used up or {@link #stop} is called. */
    public Summary run() {
        long start = System.nanoTime();
        try (ClickProducer _ = new ClickProducer(
                broker.bootstrap(),
                "demo.events",
                new ClickStream(SEED, rowsPerTruth),
                best,
                rows.orElse(Long.MAX_VALUE),
                rows.isPresent() ? Double.POSITIVE_INFINITY : ENDLESS_ROWS_PER_SECOND)) {
            pipeline.run();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Summary(learned, seconds, beforeDrift, learned == 0 ? null : window.score(), last);
    }

    public void stop() {
        pipeline.stop();
    }

    private void stepped(StepMetrics figures) {
        int count = Math.toIntExact(figures.rows() - learned);
        boolean drifted = learned / rowsPerTruth != (figures.rows() - 1) / rowsPerTruth || learned % rowsPerTruth == 0;
        learned = figures.rows();
        window.add(count, figures.loss() * count, best.take(count));
        Score recent = window.score();
        if (learned <= rowsPerTruth) {
            beforeDrift = recent;
        }
        last = figures;
        viewer.accept(new View(figures, recent, drifted && learned > count));
    }

    private Configuration configuration(String port) {
        List<String> overrides = new ArrayList<>();
        overrides.add("kafka.bootstrap=" + broker.bootstrap());
        overrides.add("checkpoint.directory=" + directory.resolve("checkpoints"));
        overrides.add("http.port=" + port);
        rows.ifPresent(count -> overrides.add("stop.rows=" + count));
        return ConfigurationLoader.parse("demo.yaml", yaml(), overrides, Map.of());
    }

    private static String yaml() {
        try (InputStream in = Demo.class.getResourceAsStream("/demo.yaml")) {
            if (in == null) {
                throw new IllegalStateException("the demo's configuration is part of the program: resource=demo.yaml");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String topic(Configuration configuration) {
        return configuration.source().topics().getFirst();
    }

    @Override
    public void close() {
        pipeline.close();
        if (server != null) {
            server.close();
        }
        operation.close();
        broker.close();
        deleteRecursively(directory);
    }

    private static void deleteRecursively(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's directory cannot be deleted: directory=" + directory, e);
        }
    }
}
