package io.gradstream.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a command in a folder and keeps what it says. */
record Shell(Path folder, Map<String, String> environment) {
    private static final long SAFETY_MINUTES = 10;

    /** What a command said and how it ended. */
    record Result(List<String> command, int exitCode, String output, String log) {

        /** The output of a command that must have worked. */
        String succeeded() {
            assertThat(exitCode)
                    .as("exit code of %s%n%s%n%s", command, output, log)
                    .isZero();
            return output.strip();
        }
    }

    Result run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("gradstream", ".out");
        Path log = Files.createTempFile("gradstream", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(log.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(SAFETY_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(
                        "does not end: " + List.of(command) + System.lineSeparator() + Files.readString(log));
            }
            return new Result(List.of(command), process.exitValue(), text(output), text(log));
        } finally {
            Files.delete(output);
            Files.delete(log);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
