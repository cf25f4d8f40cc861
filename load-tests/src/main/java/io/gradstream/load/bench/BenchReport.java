package io.gradstream.load.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradstream.autodiff.step.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What one run of the benchmark measured, as text while it runs and as JSON in the end. */
final class BenchReport {
    private static final List<Precision> JUDGED = List.of(Precision.FP32, Precision.BF16);

    private final PrintWriter out;
    private final Machine machine;
    private final List<StepTimes> steps = new ArrayList<>();
    private final List<PipelineShare> pipelines = new ArrayList<>();
    private final Map<Network, Breakdown> breakdowns = new HashMap<>();
    private Optional<Ceilings> ceilings = Optional.empty();
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

    /** Says how the network stands to its goals, and what its time is made of. */
    void add(StepTimes times, Breakdown breakdown) {
        add(times);
        breakdowns.put(times.network(), breakdown);
        for (Precision precision : JUDGED) {
            verdict(times, precision)
                    .ifPresent(verdict -> print(String.format(
                            Locale.ROOT, "    goal %s: %s%n", precision.name().toLowerCase(Locale.ROOT), verdict)));
        }
        print(String.format(Locale.ROOT, "    ours fp32: %s%n", breakdown.describe()));
    }

    private Optional<String> verdict(StepTimes times, Precision precision) {
        OptionalDouble goal = times.network().goal().in(precision);
        OptionalDouble ratio = times.goalRatio(precision);
        if (goal.isEmpty() || ratio.isEmpty()) {
            return Optional.empty();
        }
        boolean counts = precision == Precision.FP32
                || ceilings.map(Ceilings::multipliesHalf).orElse(false);
        String verdict = !counts
                ? "this processor does not multiply it"
                : ratio.getAsDouble() >= goal.getAsDouble() ? "reached" : "missed";
        return Optional.of(String.format(Locale.ROOT, "%.2f, %s", goal.getAsDouble(), verdict));
    }

    void ceilings(Ceilings measured) {
        ceilings = Optional.of(measured);
        print(String.format(Locale.ROOT, "%s%n", measured.describe()));
    }

    /** The table of the README: what was measured, what was aimed at. libtorch's columns are its best mode in that precision. */
    void table() {
        print(
                String.format(
                        Locale.ROOT,
                        "%n| network | batch | libtorch fp32 µs | bf16 µs | ours fp32 µs | ratio | goal | ours bf16 µs | ratio | goal |%n"));
        print(String.format(Locale.ROOT, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |%n"));
        for (StepTimes times : steps) {
            print(String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %s | %s | %s |%n",
                    times.network().name(),
                    times.network().batch(),
                    cell(times.best(PeerContestant.name(Precision.FP32)), "%.0f"),
                    cell(times.best(PeerContestant.name(Precision.BF16)), "%.0f"),
                    ours(times, Precision.FP32),
                    ours(times, Precision.BF16)));
        }
    }

    private static String ours(StepTimes times, Precision precision) {
        return String.join(
                " | ",
                cell(times.best(OurContestant.name(precision)), "%.0f"),
                cell(times.goalRatio(precision), "%.2f"),
                cell(times.network().goal().in(precision), "%.2f"));
    }

    private static String cell(OptionalDouble figure, String format) {
        return figure.isPresent() ? String.format(Locale.ROOT, format, figure.getAsDouble()) : "-";
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
        ceilings.ifPresent(measured -> root.putObject("ceilings")
                .put("gflopsFp32", measured.flops())
                .put("gflopsBf16", measured.halfFlops())
                .put("gigabytesPerSecond", measured.bandwidth()));
        for (StepTimes times : steps) {
            ObjectNode network = root.withArray("steps").addObject();
            network.put("network", times.network().name())
                    .put("batch", times.network().batch());
            for (Precision precision : JUDGED) {
                String name = precision.name().toLowerCase(Locale.ROOT);
                times.network()
                        .goal()
                        .in(precision)
                        .ifPresent(goal -> network.withObject("goal").put(name, goal));
                times.goalRatio(precision)
                        .ifPresent(ratio -> network.withObject("goalRatio").put(name, ratio));
            }
            Breakdown breakdown = breakdowns.get(times.network());
            if (breakdown != null) {
                ObjectNode parts = network.putObject("parts");
                breakdown
                        .nanos()
                        .forEach((part, nanos) -> parts.put(part.name().toLowerCase(Locale.ROOT), nanos / 1000));
                network.put("gemmAtCeiling", breakdown.gemmCeiling() / 1000);
            }
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
