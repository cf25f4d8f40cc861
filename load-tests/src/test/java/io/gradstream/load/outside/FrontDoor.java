package io.gradstream.load.outside;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program in a process of its own, with what it prints kept in two files. */
public final class FrontDoor implements AutoCloseable {
    private static final Duration SAFETY = Duration.ofMinutes(10);

    private final Process process;
    private final Path output;
    private final Path log;

    private FrontDoor(Process process, Path output, Path log) {
        this.process = process;
        this.output = output;
        this.log = log;
    }

    /** Starts {@code gradstream arguments…} with the classes under test. */
    public static FrontDoor start(Path folder, String name, String... arguments) throws IOException {
        return start(folder, name, List.of(), Map.of(), arguments);
    }

    /**
     * Starts it in an environment of its own.
     *
     * @param before what is to start the JVM, such as a program that limits it
     */
    public static FrontDoor start(
            Path folder, String name, List<String> before, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(System.getProperty("gradstream.jvm.flags").strip().split("\\s+", -1)));
        command.addAll(
                List.of("-XX:TieredStopAtLevel=4", "-Xmx1g", "-cp", classPath(), "io.gradstream.pipeline.cli.Main"));
        command.addAll(List.of(arguments));
        Path output = folder.resolve(name + ".out");
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new FrontDoor(process, output, log);
    }

    /** What the program needs, without the classes of this module. */
    private static String classPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains("load-tests")) {
                entries.add(entry);
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    /** The first line of output, as soon as it is complete. */
    public String firstLine() throws InterruptedException {
        Instant deadline = Instant.now().plus(SAFETY);
        while (output().indexOf('\n') < 0) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                throw new AssertionError("the process says nothing: " + log());
            }
            Thread.sleep(20);
        }
        return output().lines().findFirst().orElseThrow();
    }

    /** Waits for the end. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(SAFETY.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the process does not end: " + log());
        }
        return process.exitValue();
    }

    /** Waits until the log says something; false if the process ends before. */
    public boolean says(String text) throws InterruptedException {
        while (log().indexOf(text) < 0) {
            if (!process.isAlive()) {
                return log().indexOf(text) >= 0;
            }
            Thread.sleep(5);
        }
        return true;
    }

    /** Ends the process as a crash would, between any two instructions, and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Stops the process where it is, which it does not notice. */
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets a frozen process go on. */
    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int sent = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (sent != 0) {
            throw new IOException("the process cannot be sent a signal: pid=" + process.pid() + " signal=" + name);
        }
    }

    /** Asks the process to stop, as an operator would, and waits. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    public String output() {
        return read(output);
    }

    public String log() {
        return read(log);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
