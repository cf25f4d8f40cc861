package io.gradstream.pipeline.cli;

import io.gradstream.config.Configuration;
import io.gradstream.connectors.topic.Journal;
import io.gradstream.connectors.topic.JournalRecord;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows which rows made which step. */
@Command(name = "journal", description = "The rows that made each step.")
final class InspectJournalCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TopicOptions options;

    @Option(names = "--json", description = "Prints each record as it is, one per line.")
    private boolean json;

    @Option(
            names = "--version",
            paramLabel = "V",
            description = "Only the steps that this version has and the version before has not.")
    private @Nullable Long version;

    @Override
    public void run() {
        Configuration configuration = options.configuration();
        String model = options.model(spec);
        String topic = options.topic();
        if (topic == null) {
            topic = configuration == null
                    ? model + ".journal"
                    : configuration.publish().journal().topic();
        }
        OptionalLong before = version == null ? OptionalLong.empty() : OptionalLong.of(version - 1);
        new Journal(options.reader(topic), model)
                .records()
                .filter(record -> before.isEmpty() || record.version() == before.getAsLong())
                .doOnNext(this::print)
                .blockLast();
    }

    private void print(JournalRecord record) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? new String(record.toJson(), StandardCharsets.UTF_8) : line(record));
        out.flush();
    }

    private static String line(JournalRecord record) {
        String rollback = record.rollback().isPresent()
                ? "back to step " + record.rollback().getAsLong() + "  "
                : "";
        String again = record.again()
                .map(earlier -> "step %d again, weight %s  ".formatted(earlier.step(), earlier.weight()))
                .orElse("");
        return "step " + record.step() + "  " + rollback + again
                + record.ranges().stream()
                        .map(range -> range.topic() + "-" + range.partition() + " ["
                                + range.from().offset() + ":" + range.from().row() + ", "
                                + range.to().offset() + ":" + range.to().row() + ")")
                        .collect(Collectors.joining("  "));
    }
}
