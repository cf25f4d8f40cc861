package io.gradstream.load.bench;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.load.peer.Libtorch;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Measures this machine: everything, or one part of it. */
@Command(
        name = "bench",
        description =
                "Measures training steps, the pipeline and libtorch on this machine: everything, or what is named.")
public final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Writes the figures as JSON.",
            scope = ScopeType.INHERIT)
    private @Nullable Path json;

    @Option(
            names = "--network",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Measures the steps of those networks only that have this in their title.",
            scope = ScopeType.INHERIT)
    private String network = "";

    @Override
    public Integer call() throws Exception {
        return run(true, true, true);
    }

    @Command(name = "step", description = "The training step of each network of the table.")
    int step() throws Exception {
        return run(true, false, false);
    }

    @Command(name = "peers", description = "The training step against libtorch's, by turns in one run.")
    int peers() throws Exception {
        return run(true, true, false);
    }

    @Command(name = "pipeline", description = "The whole pipeline against its ceilings, on an embedded broker.")
    int pipeline() throws Exception {
        return run(false, false, true);
    }

    @Command(name = "threads", description = "The training step with one thread and with two, by turns in one run.")
    int threads() {
        spec.commandLine().getOut().println(Machine.here().describe());
        for (Network each : networks()) {
            for (Precision precision : List.of(Precision.FP32, Precision.BF16)) {
                spec.commandLine()
                        .getOut()
                        .println(ThreadRace.run(each, precision, Race.ofUsualLength())
                                .describe());
                spec.commandLine().getOut().flush();
            }
        }
        return 0;
    }

    @Command(name = "soak", description = "Very many steps of a network with dead units: time, memory.")
    int soak(
            @Option(
                            names = "--steps",
                            paramLabel = "N",
                            defaultValue = "1000000",
                            description = "How many; ${DEFAULT-VALUE}.")
                    long steps)
            throws Exception {
        try (Device device = CpuDevice.open()) {
            spec.commandLine().getOut().println(Soak.run(device, steps).describe());
            spec.commandLine().getOut().flush();
        }
        return 0;
    }

    private int run(boolean steps, boolean peers, boolean pipeline) throws Exception {
        BenchReport report = new BenchReport(spec.commandLine().getOut(), Machine.here());
        try (Device device = CpuDevice.open()) {
            if (steps) {
                steps(report, device, peers);
            }
            if (pipeline) {
                report.pipelineHeading();
                try (PipelineRace race = new PipelineRace(device)) {
                    report.add(race.run(Network.logisticRegression()));
                    report.add(race.run(Network.clickModel()));
                }
            }
        }
        if (json != null) {
            report.write(json);
        }
        return 0;
    }

    private void steps(BenchReport report, Device device, boolean peers) {
        List<Network> networks = networks();
        report.stepHeading(device.name());
        if (peers) {
            Libtorch.whyMissing().ifPresent(report::peerMissing);
        }
        Ceilings ceilings = Ceilings.of(device);
        report.ceilings(ceilings);
        StepRaces races = new StepRaces(device, Race.ofUsualLength(), peers);
        for (Network each : networks) {
            report.add(races.run(each), Breakdown.of(each, Precision.FP32, device, ceilings));
        }
        report.table();
    }

    private List<Network> networks() {
        List<Network> networks = Network.named(network);
        if (networks.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "no network has this in its title: network=" + network + " titles="
                            + Network.table().stream().map(Network::title).toList());
        }
        return networks;
    }
}
