package io.gradstream.pipeline.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks into what a trainer left behind. */
@Command(
        name = "inspect",
        description = "Looks into a topic or a checkpoint directory.",
        synopsisSubcommandLabel = "WHAT",
        subcommands = {
            InspectWeightsCommand.class,
            InspectMetricsCommand.class,
            InspectJournalCommand.class,
            InspectCheckpointCommand.class
        })
final class InspectCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "one of weights, metrics, journal and checkpoint is missing");
    }
}
