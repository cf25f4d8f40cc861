package io.gradstream.pipeline.cli;

import io.gradstream.config.Configuration;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.PublishedModel;
import io.gradstream.connectors.topic.WeightsReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the newest version on a weights topic. */
@Command(name = "weights", description = "The newest complete version on a weights topic.")
final class InspectWeightsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TopicOptions options;

    @Option(names = "--json", description = "Prints the manifest, for machines.")
    private boolean json;

    @Override
    public void run() {
        PublishedModel model = newest(options, spec);
        PrintWriter out = spec.commandLine().getOut();
        Manifest manifest = model.manifest();
        if (json) {
            out.println(new String(manifest.toJson(), StandardCharsets.UTF_8));
            return;
        }
        out.printf(
                "%s version %d  step %d  rows %d  %s%n",
                manifest.model(), manifest.version(), manifest.step(), manifest.rows(), manifest.time());
        manifest.offsets()
                .forEach((topic, partitions) -> partitions.forEach((partition, position) -> out.printf(
                        "  next row of %s-%d: offset %d row %d%n",
                        topic, partition, position.offset(), position.row())));
        for (NamedTensor tensor : model.tensors().values()) {
            out.println("  " + describe(tensor));
        }
        out.flush();
    }

    /** The newest version of the model that the options name. */
    static PublishedModel newest(TopicOptions options, CommandSpec spec) {
        Configuration configuration = options.configuration();
        String topic = options.topic();
        if (topic == null) {
            topic = configuration == null
                    ? options.model(spec) + ".weights"
                    : configuration.publish().weights().topic();
        }
        PublishedModel newest = new WeightsReader(options.bootstrap(), topic, options.properties())
                .newest()
                .block();
        if (newest == null) {
            throw new IllegalStateException("topic has no complete version: topic=" + topic);
        }
        return Objects.requireNonNull(newest);
    }

    /** Name, type, shape and how large its elements are. */
    static String describe(NamedTensor tensor) {
        String figures = switch (tensor.dtype()) {
            case F32 -> figures(tensor.floats());
            default -> "";
        };
        return String.format(
                Locale.ROOT,
                "%-40s %-4s %-16s%s",
                tensor.name(),
                tensor.dtype(),
                Arrays.toString(tensor.shape()),
                figures);
    }

    private static String figures(float[] values) {
        double squares = 0;
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            squares += (double) value * value;
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        return String.format(Locale.ROOT, " norm %.6g  min %.6g  max %.6g", Math.sqrt(squares), least, most);
    }
}
