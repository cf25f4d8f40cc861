package io.gradstream.connectors.kafka;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.testcontainers.utility.DockerImageName;

/** An image that keeps the contract of {@code apache/kafka}, built from the jars of these tests where it is missing. */
final class StandInImage {
    private static final Set<String> NOT_FOR_A_BROKER =
            Set.of("testcontainers", "docker-java", "archunit", "arrow-", "testng", "junit-", "byte-buddy");

    private StandInImage() {}

    static DockerImageName build() {
        String jars = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .filter(entry -> NOT_FOR_A_BROKER.stream()
                        .noneMatch(
                                name -> Path.of(entry).getFileName().toString().startsWith(name)))
                .collect(Collectors.joining(File.pathSeparator));
        return DockerImageName.parse(run("../docker/broker/build.sh", jars)).asCompatibleSubstituteFor("apache/kafka");
    }

    private static String run(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new AssertionError("a script failed: command=" + command[0] + " status=" + status);
            }
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
