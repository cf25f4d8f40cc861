package io.gradstream.load.openloop;

import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationException;
import io.gradstream.config.ConfigurationLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends made-up events that fit a configuration to its first source topic at a fixed rate. */
@Command(
        name = "load",
        description = "An open-loop load test: made-up events at a fixed rate to the source topic of a configuration.")
public final class LoadCommand implements Callable<Integer> {
    private static final int BAD_USAGE = 2;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration whose events to send.")
    private Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a setting of the file.")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--rate",
            defaultValue = "10000",
            paramLabel = "ROWS",
            description = "Rows per second (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--rows",
            defaultValue = "100",
            paramLabel = "N",
            description = "Rows per message (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--duration",
            defaultValue = "10",
            paramLabel = "SECONDS",
            description = "How long to send (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--weights",
            description = "Also wait for the weights that have seen the events, and measure how long that took.")
    private boolean weights;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the report as JSON.")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (rows < 1 || !(rate > 0) || !(seconds > 0)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "rate, rows and duration must be positive: --rate=" + rate + " --rows=" + rows + " --duration="
                            + seconds);
        }
        Configuration configuration;
        try {
            configuration = ConfigurationLoader.load(file, overrides, System.getenv());
        } catch (ConfigurationException e) {
            e.faults().forEach(spec.commandLine().getErr()::println);
            return BAD_USAGE;
        }
        Schedule schedule = new Schedule(rate / rows, Duration.ofNanos(Math.round(seconds * 1e9)));
        LoadReport report = new LoadTest(configuration).run(schedule, rows, weights);
        out.print(report.text());
        out.flush();
        if (json != null) {
            Files.write(json, report.json());
        }
        return 0;
    }
}
