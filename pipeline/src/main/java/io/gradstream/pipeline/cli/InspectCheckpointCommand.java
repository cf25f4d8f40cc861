package io.gradstream.pipeline.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.pipeline.checkpoint.Checkpoints;
import io.gradstream.pipeline.checkpoint.TrainerState;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the newest checkpoint that is whole. */
@Command(name = "checkpoint", description = "The newest whole checkpoint of a directory.")
final class InspectCheckpointCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIRECTORY", description = "The directory of the checkpoints.")
    private Path directory;

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    @Override
    public void run() {
        TrainerState state = newest(directory);
        PrintWriter out = spec.commandLine().getOut();
        List<NamedTensor> tensors = new ArrayList<>(state.weights());
        tensors.addAll(state.model());
        tensors.addAll(state.features());
        tensors.addAll(state.progress());
        if (json) {
            out.println(json(state, tensors));
            return;
        }
        out.printf("%s version %d  step %d  rows %d%n", state.name(), state.version(), state.step(), state.rows());
        state.positions()
                .forEach((partition, position) -> out.printf(
                        "  next row of %s: offset %d row %d%n", partition, position.offset(), position.row()));
        tensors.forEach(tensor -> out.println("  " + InspectWeightsCommand.describe(tensor)));
        out.flush();
    }

    static TrainerState newest(Path directory) {
        return new Checkpoints(directory, 1)
                .newest()
                .orElseThrow(() -> new IllegalStateException("there is no whole checkpoint: directory=" + directory));
    }

    private static String json(TrainerState state, List<NamedTensor> tensors) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("model", state.name())
                .put("version", state.version())
                .put("step", state.step())
                .put("rows", state.rows());
        ObjectNode offsets = json.putObject("offsets");
        state.positions()
                .forEach((partition, position) -> offsets.withObjectProperty(partition.topic())
                        .putArray(Integer.toString(partition.partition()))
                        .add(position.offset())
                        .add(position.row()));
        ObjectNode shapes = json.putObject("tensors");
        for (NamedTensor tensor : tensors) {
            ObjectNode each =
                    shapes.putObject(tensor.name()).put("dtype", tensor.dtype().name());
            for (int dimension : tensor.shape()) {
                each.withArrayProperty("shape").add(dimension);
            }
        }
        return json.toString();
    }
}
