package io.gradstream.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The image on a base made here, run as its users run it: nobody's user, read-only, without a network. */
@Needs({Tool.DOCKER, Tool.DEBOOTSTRAP})
class ProductImageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Shell SHELL =
            new Shell(ROOT, Map.of("JAVA_HOME", System.getProperty("java.home"), "DOCKER_BUILDKIT", "0"));
    private static final String IMAGE =
            "gradstream/smoke:" + ProcessHandle.current().pid();

    @BeforeAll
    static void buildImage() throws IOException, InterruptedException {
        assertThat(ROOT.resolve("pipeline/target/gradstream/lib"))
                .as("the distribution that mvn package gathers")
                .isNotEmptyDirectory();
        String base = SHELL.run("docker/base/build.sh").succeeded();
        SHELL.run(
                        "docker",
                        "build",
                        "--tag",
                        IMAGE,
                        "--build-arg",
                        "BASE_IMAGE=" + base,
                        "--file",
                        "docker/Dockerfile",
                        ".")
                .succeeded();
    }

    @AfterAll
    static void removeImage() throws IOException, InterruptedException {
        SHELL.run("docker", "image", "rm", "--force", IMAGE);
    }

    @Test
    void explainsItself() throws Exception {
        assertThat(run("--help").succeeded()).contains("Usage: gradstream", "train", "demo", "devices");
    }

    @Test
    void runsAsNobodyWhoMatters() throws Exception {
        assertThat(SHELL.run("docker", "run", "--rm", "--entrypoint", "id", IMAGE, "-u")
                        .succeeded())
                .isEqualTo("10001");
    }

    @Test
    void findsItsNativeKernelsOnAReadOnlyFileSystem() throws Exception {
        assertThat(run("devices").succeeded()).contains("cpu", "oneDNN", "no NVIDIA driver");
    }

    @Test
    void refusesAFaultyConfigurationWithExitCode2() throws Exception {
        assertThat(run("validate", "-c", "/nowhere.yaml").exitCode()).isEqualTo(2);
    }

    @Test
    void learnsInTheDemo() throws Exception {
        assertThat(run("demo", "--rows", "60000", "--no-browser", "--port", "0").succeeded())
                .containsIgnoringCase("log-loss");
    }

    @Test
    void stopsCleanlyOnSigterm() throws Exception {
        String container = SHELL.run(arguments("--detach", "demo", "--no-browser", "--port", "0"))
                .succeeded();
        try {
            Instant deadline = Instant.now().plus(Duration.ofMinutes(2));
            while (!SHELL.run("docker", "logs", container).output().contains("demo.events")) {
                assertThat(inspect(container, "{{.State.Running}}"))
                        .as(() -> logs(container))
                        .isEqualTo("true");
                assertThat(Instant.now()).as(() -> logs(container)).isBefore(deadline);
                Thread.sleep(500);
            }
            SHELL.run("docker", "stop", "--time", "60", container).succeeded();
            assertThat(inspect(container, "{{.State.ExitCode}}"))
                    .as(() -> logs(container))
                    .isEqualTo("130");
        } finally {
            SHELL.run("docker", "rm", "--force", "--volumes", container);
        }
    }

    private static Shell.Result run(String... command) throws IOException, InterruptedException {
        return SHELL.run(arguments("--rm", command));
    }

    private static String[] arguments(String mode, String... command) {
        List<String> arguments = new ArrayList<>(
                List.of("docker", "run", mode, "--read-only", "--network", "none", "--hostname", "localhost", IMAGE));
        arguments.addAll(List.of(command));
        return arguments.toArray(String[]::new);
    }

    private static String inspect(String container, String format) throws IOException, InterruptedException {
        return SHELL.run("docker", "inspect", "--format", format, container).succeeded();
    }

    private static String logs(String container) {
        try {
            return SHELL.run("docker", "logs", container).log();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }
}
