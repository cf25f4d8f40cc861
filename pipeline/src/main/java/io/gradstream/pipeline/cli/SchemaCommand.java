package io.gradstream.pipeline.cli;

import io.gradstream.config.JsonSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what a configuration may contain. */
@Command(name = "schema", description = "Prints the JSON Schema of the configuration.")
final class SchemaCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().println(JsonSchema.text().stripTrailing());
    }
}
