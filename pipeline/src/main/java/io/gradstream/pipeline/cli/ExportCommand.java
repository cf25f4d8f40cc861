package io.gradstream.pipeline.cli;

import io.gradstream.connectors.file.SafetensorsFile;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.PublishedModel;
import io.gradstream.connectors.topic.WeightsReader;
import io.gradstream.pipeline.checkpoint.TrainerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a model to a file that other programs read. */
@Command(name = "export", description = "Writes the newest version of a weights topic or a checkpoint to a file.")
final class ExportCommand implements Callable<Integer> {
    /** What can be written. */
    enum Format {
        SAFETENSORS
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private TopicOptions options;

    @Option(
            names = "--from",
            paramLabel = "TOPIC-OR-CHECKPOINT",
            required = true,
            description = "A weights topic, or a directory of checkpoints.")
    private String from;

    @Option(
            names = "--format",
            defaultValue = "safetensors",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The file to write.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        switch (format) {
            case SAFETENSORS -> {
                if (Files.isDirectory(Path.of(from))) {
                    TrainerState state = InspectCheckpointCommand.newest(Path.of(from));
                    write(state.weights(), state.name(), state.version(), state.step());
                } else {
                    PublishedModel model = newest();
                    Manifest manifest = model.manifest();
                    write(List.copyOf(model.tensors().values()), manifest.model(), manifest.version(), manifest.step());
                }
            }
        }
        return ExitCode.DONE;
    }

    private PublishedModel newest() {
        PublishedModel newest = new WeightsReader(options.bootstrap(), from, options.properties())
                .newest()
                .block();
        if (newest == null) {
            throw new IllegalStateException("topic has no complete version: topic=" + from);
        }
        return newest;
    }

    private void write(List<NamedTensor> tensors, String model, long version, long step) throws IOException {
        SafetensorsFile.write(
                output,
                tensors,
                Map.of("model", model, "version", Long.toString(version), "step", Long.toString(step)));
        spec.commandLine().getOut().println(output + "  " + model + " version " + version + "  step " + step);
    }
}
