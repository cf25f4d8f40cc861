package io.gradstream.pipeline.cli;

import io.gradstream.config.Configuration;
import io.gradstream.config.SourceFormat;
import io.gradstream.connectors.arrow.ArrowFormat;
import io.gradstream.connectors.file.CaptureReader;
import io.gradstream.connectors.file.CapturedRecord;
import io.gradstream.connectors.json.JsonFormat;
import io.gradstream.connectors.rows.Limits;
import io.gradstream.connectors.rows.Origin;
import io.gradstream.connectors.rows.Projection;
import io.gradstream.connectors.rows.RowFormat;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.pipeline.Recomputation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends a capture again, at its own pace or another; or brings a version about again. */
@Command(
        name = "replay",
        description = {
            "Sends the records of a capture to a topic.",
            "With --version, learns once more from the rows that made a published version and compares the weights."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final Projection NO_COLUMNS = new Projection(List.of());

    @Spec
    private CommandSpec spec;

    @Mixin
    private TopicOptions options;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The capture.")
    private @Nullable Path file;

    @ArgGroup(exclusive = false)
    private @Nullable VersionOptions version;

    /** The options of a recomputation. */
    private static final class VersionOptions {
        @Option(
                names = "--version",
                paramLabel = "V",
                required = true,
                description = "The version to bring about again; needs -c.")
        private long number;

        @Option(names = "--verify", description = "Says so: a version is never brought about without being compared.")
        @SuppressWarnings("UnusedVariable") // what it asks for is always done
        private boolean verify;

        @Option(
                names = "--from-the-beginning",
                description = "Begins with the first row, not with the newest checkpoint before the version.")
        private boolean fromTheBeginning;
    }

    @Option(
            names = "--speed",
            defaultValue = "1x",
            description = "1x as it was, 10x ten times faster, max as fast as possible (default: ${DEFAULT-VALUE}).")
    private String speed;

    @Option(names = "--rows-per-second", paramLabel = "R", description = "A fixed rate of rows, in place of a speed.")
    private @Nullable Double rate;

    @Option(
            names = "--format",
            defaultValue = "arrow",
            description =
                    "How rows are counted for a fixed rate: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private SourceFormat format;

    @Option(
            names = "--keep-timestamps",
            description = "Keeps the records' timestamps; else it is the time at which each is due.")
    private boolean keepTimestamps;

    @Override
    public Integer call() throws IOException {
        if (version != null) {
            return recompute(version);
        }
        Path capture = file;
        if (capture == null) {
            throw new ParameterException(spec.commandLine(), "one of FILE and --version V is needed");
        }
        return send(capture);
    }

    private int recompute(VersionOptions asked) {
        Configuration configuration = options.configuration();
        if (configuration == null) {
            throw new ParameterException(spec.commandLine(), "--version needs -c FILE, which says how to learn");
        }
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        long begin = System.nanoTime();
        try (Recomputation recomputation = new Recomputation(configuration)) {
            Recomputation.Outcome outcome = recomputation.run(
                    asked.number,
                    asked.fromTheBeginning,
                    (done, of, rows) ->
                            terminal.show(Terminal.bar((double) done / of) + " step " + done + " of " + of));
            terminal.clear();
            spec.commandLine()
                    .getOut()
                    .println(String.format(
                            Locale.ROOT,
                            "version %d: the same bits, recomputed from step %,d to step %,d in %.1f s, rows %,d, sha256 %s",
                            outcome.version(),
                            outcome.from(),
                            outcome.step(),
                            (System.nanoTime() - begin) / 1e9,
                            outcome.rows(),
                            outcome.sha256()));
        }
        return ExitCode.DONE;
    }

    private int send(Path capture) throws IOException {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        Map<String, Object> properties = options.properties();
        properties.putIfAbsent("linger.ms", 5);
        properties.putIfAbsent("max.request.size", 64 << 20);
        long sent;
        try (CaptureReader reader = new CaptureReader(capture);
                Producer<byte[], byte[]> producer =
                        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            sent = replay(reader, producer, failure);
        }
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a record was not accepted", failed);
        }
        spec.commandLine().getOut().println(sent + " records of " + capture);
        return ExitCode.DONE;
    }

    private long replay(
            CaptureReader reader, Producer<byte[], byte[]> producer, AtomicReference<@Nullable Exception> failure)
            throws IOException {
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        RowFormat rowFormat = switch (format) {
            case ARROW -> new ArrowFormat(Limits.DEFAULT);
            case JSON -> new JsonFormat(Limits.DEFAULT);
        };
        long startNanos = System.nanoTime();
        long startMillis = System.currentTimeMillis();
        Pace pace = null;
        long records = 0;
        long rows = 0;
        for (CapturedRecord record = reader.next(); record != null && failure.get() == null; record = reader.next()) {
            if (pace == null) {
                pace = pace(record.timestamp());
            }
            long due = pace.due(record.timestamp(), rows);
            Pace.await(startNanos + due, System::nanoTime);
            long timestamp = keepTimestamps ? record.timestamp() : startMillis + due / 1_000_000;
            Future<RecordMetadata> _ = producer.send(outgoing(record, timestamp), (_, error) -> {
                if (error != null) {
                    failure.compareAndSet(null, error);
                }
            });
            records++;
            if (rate != null) {
                rows += rows(rowFormat, record);
            }
            if (records % 100 == 0) {
                terminal.show(String.format(Locale.ROOT, "%,d records", records));
            }
        }
        terminal.clear();
        return records;
    }

    private Pace pace(long firstMillis) {
        if (rate != null) {
            if (!(rate > 0)) {
                throw new ParameterException(spec.commandLine(), "--rows-per-second must be positive: " + rate);
            }
            return new Pace.RowsPerSecond(rate);
        }
        try {
            return Pace.parse(speed, firstMillis);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private ProducerRecord<byte[], byte[]> outgoing(CapturedRecord record, long timestamp) {
        Headers headers = new RecordHeaders();
        record.headers().forEach(header -> headers.add(header.name(), header.value()));
        String topic = options.topic();
        return new ProducerRecord<>(
                topic == null ? record.topic() : topic,
                record.partition(),
                timestamp,
                record.key(),
                record.value(),
                headers);
    }

    /** A record that cannot be read has no rows, and is sent all the same. */
    private static int rows(RowFormat format, CapturedRecord record) {
        try {
            return format.decode(
                            new Origin(record.topic(), record.partition(), record.offset()), record.value(), NO_COLUMNS)
                    .rows();
        } catch (UndecodableException e) {
            return 0;
        }
    }
}
