package io.gradstream.pipeline.cli;

import io.gradstream.connectors.file.CaptureWriter;
import io.gradstream.connectors.file.CapturedRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Captures what is on a topic in a file, with keys, headers, timestamps and bytes as they are. */
@Command(name = "record", description = "Captures records of a topic in a file.")
final class RecordCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TopicOptions options;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Only records from this time on, such as 2026-11-21T00:00:00Z.")
    private @Nullable Instant from;

    @Option(names = "--to", paramLabel = "TIME", description = "Only records before this time.")
    private @Nullable Instant to;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many records.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The file to write.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        String topic = options.topic();
        if (topic == null) {
            throw new ParameterException(spec.commandLine(), "--topic TOPIC is missing");
        }
        Terminal terminal = new Terminal(spec.commandLine().getErr());
        try (CaptureWriter writer = new CaptureWriter(
                output, Map.of("topic", topic, "time", Instant.now().toString()))) {
            options.reader(topic)
                    .records()
                    .filter(this::isWanted)
                    .take(limit)
                    .doOnNext(record -> write(writer, record))
                    .doOnNext(_ -> {
                        if (writer.records() % 1000 == 0) {
                            terminal.show(String.format("%,d records", writer.records()));
                        }
                    })
                    .blockLast();
            terminal.clear();
            spec.commandLine().getOut().println(output + "  " + writer.records() + " records of " + topic);
        }
        return ExitCode.DONE;
    }

    private boolean isWanted(ConsumerRecord<byte[], byte[]> record) {
        return (from == null || record.timestamp() >= from.toEpochMilli())
                && (to == null || record.timestamp() < to.toEpochMilli());
    }

    private static void write(CaptureWriter writer, ConsumerRecord<byte[], byte[]> record) {
        List<CapturedRecord.Header> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new CapturedRecord.Header(header.key(), header.value()));
        }
        try {
            writer.write(new CapturedRecord(
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    record.timestamp(),
                    record.key(),
                    record.value(),
                    headers));
        } catch (IOException e) {
            throw new UncheckedIOException("capture cannot be written", e);
        }
    }
}
