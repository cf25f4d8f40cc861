package io.gradstream.pipeline.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program: one command per verb, results on stdout, logs on stderr, and an exit code that means something. */
@Command(
        name = "gradstream",
        description = "A trainer that lives on an event stream.",
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Also: gradstream test (the whole test suite), gradstream bench, gradstream load.",
            "Exit codes: 0 done, 1 failure while running, 2 bad usage or configuration, 130 interrupted after a clean stop."
        },
        subcommands = {
            DemoCommand.class,
            TrainCommand.class,
            ValidateCommand.class,
            SchemaCommand.class,
            BrokerCommand.class,
            TopicsCommand.class,
            RecordCommand.class,
            ReplayCommand.class,
            InspectCommand.class,
            ExportCommand.class,
            DevicesCommand.class
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Explains the command.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Prints the version.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    public static void main(String[] arguments) {
        Interruption.exit(run(writer(System.out), writer(System.err), arguments));
    }

    /** Runs a command in this process and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new Failures())
                .execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }
}
