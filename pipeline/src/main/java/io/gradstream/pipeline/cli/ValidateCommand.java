package io.gradstream.pipeline.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks a configuration; its faults, all of them, are an exit code of 2. */
@Command(
        name = "validate",
        description = "Reports every fault of a configuration, or prints it as it is understood, with all defaults.")
final class ValidateCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigurationOptions configuration;

    @Override
    public void run() {
        spec.commandLine().getOut().println(configuration.load().effectiveYaml().stripTrailing());
    }
}
