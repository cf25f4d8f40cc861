package io.gradstream.pipeline.cli;

import io.gradstream.config.Configuration;
import io.gradstream.connectors.topic.MetricEvent;
import io.gradstream.connectors.topic.MetricRecord;
import io.gradstream.connectors.topic.Metrics;
import io.gradstream.connectors.topic.StepMetrics;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the metrics of a model, those there are or those that come. */
@Command(name = "metrics", description = "The metrics of a model.")
final class InspectMetricsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TopicOptions options;

    @Option(names = "--json", description = "Prints each record as it is, one per line.")
    private boolean json;

    @Option(names = "--follow", description = "Goes on with what comes, until interrupted.")
    private boolean follow;

    @Override
    public void run() {
        Configuration configuration = options.configuration();
        String model = options.model(spec);
        String topic = options.topic();
        if (topic == null) {
            topic = configuration == null
                    ? model + ".metrics"
                    : configuration.publish().metrics().topic();
        }
        Metrics metrics = new Metrics(options.reader(topic), model);
        if (follow) {
            metrics.follow().doOnNext(this::print).blockLast();
        } else {
            metrics.records().doOnNext(this::print).blockLast();
        }
    }

    private void print(MetricRecord record) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? new String(record.toJson(), StandardCharsets.UTF_8) : line(record));
        out.flush();
    }

    private static String line(MetricRecord record) {
        return switch (record) {
            case StepMetrics step ->
                String.format(
                        Locale.ROOT,
                        "step %-8d rows %-10d loss %-10.5g progressive %-10.5g gradient %-10.4g %s%,.0f rows/s",
                        step.step(),
                        step.rows(),
                        step.loss(),
                        step.progressive().getOrDefault("loss", Double.NaN),
                        step.gradNorm(),
                        step.overflow() ? "overflow " : step.clipped() ? "clipped " : "",
                        step.rowsPerSecond());
            case MetricEvent event -> "step " + event.step() + " " + event.event() + " " + event.fields();
        };
    }
}
