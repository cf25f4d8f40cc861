package io.gradstream.load.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What one run of the benchmark measured, as text while it runs and as JSON in the end. */
final class BenchReport {
    private final PrintWriter out;
    private final Machine machine;
    private final List<StepTimes> steps = new ArrayList<>();
    private final List<PipelineShare> pipelines = new ArrayList<>();
    private Optional<String> peerMissing = Optional.empty();

    BenchReport(PrintWriter out, Machine machine) {
        this.out = out;
        this.machine = machine;
        print(String.format(Locale.ROOT, "%s%n", machine.describe()));
    }

    void stepHeading(String device) {
        print(String.format(
                Locale.ROOT, "%nTraining step on %s, one thread, median µs; ratio = libtorch's best / ours%n", device));
    }

    void peerMissing(String reason) {
        peerMissing = Optional.of(reason);
        print(String.format(Locale.ROOT, "no ratios: %s%n", reason));
    }

    void add(StepTimes times) {
        steps.add(times);
        print(String.format(Locale.ROOT, "  %s%n", times.network().title()));
        for (String contestant : times.nanos().keySet()) {
            String ratio = times.ratio(contestant).isPresent() && contestant.startsWith("ours")
                    ? String.format(
                            Locale.ROOT,
                            "  ratio %5.2f",
                            times.ratio(contestant).getAsDouble())
                    : "";
            print(String.format(
                    Locale.ROOT,
                    "    %-14s %10.1f µs  %12.0f rows/s%s%n",
                    contestant,
                    times.micros(contestant),
                    times.rowsPerSecond(contestant),
                    ratio));
        }
    }

    void pipelineHeading() {
        print(String.format(Locale.ROOT, "%nPipeline against its ceilings, embedded broker, rows/s%n"));
    }

    void add(PipelineShare share) {
        pipelines.add(share);
        print(String.format(Locale.ROOT, "  %s%n", share.model()));
        print(String.format(Locale.ROOT, "    poll and decode %12.0f%n", share.pollAndDecode()));
        print(String.format(Locale.ROOT, "    training step   %12.0f%n", share.step()));
        print(String.format(
                Locale.ROOT,
                "    pipeline        %12.0f  share of the lower ceiling %.2f%n",
                share.pipeline(),
                share.share()));
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }

    void write(Path file) throws IOException {
        JsonMapper json = new JsonMapper();
        ObjectNode root = json.createObjectNode();
        root.putObject("machine")
                .put("processor", machine.processor())
                .put("cores", machine.cores())
                .put("system", machine.system())
                .put("java", machine.java())
                .put("time", machine.time().toString());
        peerMissing.ifPresent(reason -> root.put("libtorchMissing", reason));
        for (StepTimes times : steps) {
            ObjectNode network = root.withArray("steps").addObject();
            network.put("network", times.network().name())
                    .put("batch", times.network().batch());
            times.nanos().keySet().forEach(name -> {
                network.withObject("micros").put(name, times.micros(name));
                if (name.startsWith("ours")) {
                    times.ratio(name)
                            .ifPresent(ratio -> network.withObject("ratio").put(name, ratio));
                }
            });
        }
        for (PipelineShare share : pipelines) {
            root.withArray("pipelines")
                    .addObject()
                    .put("model", share.model())
                    .put("pollAndDecode", share.pollAndDecode())
                    .put("step", share.step())
                    .put("pipeline", share.pipeline())
                    .put("share", share.share());
        }
        Files.write(file, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    }
}
