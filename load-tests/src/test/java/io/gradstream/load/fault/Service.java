package io.gradstream.load.fault;

import io.gradstream.pipeline.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** The service in this process: {@code gradstream train} on a configuration. */
final class Service {
    private final Path file;

    /** @param folder where the configuration lies and the checkpoints go */
    Service(Path folder, String name, String yaml) throws IOException {
        file = Files.writeString(folder.resolve(name + ".yaml"), yaml);
    }

    /** How a run ended. */
    record Run(int exitCode, String said) {}

    /** Trains until the configuration's stop condition. */
    Run train() {
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int exitCode = Main.run(writer, writer, "train", "-c", file.toString());
        return new Run(exitCode, said.toString());
    }

    /** Trains on a thread of its own. */
    CompletableFuture<Run> start() {
        CompletableFuture<Run> run = new CompletableFuture<>();
        Thread.ofPlatform().name("service").start(() -> {
            try {
                run.complete(train());
            } catch (Throwable e) {
                run.completeExceptionally(e);
            }
        });
        return run;
    }
}
