package io.gradstream.autodiff;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM that runs one test program and nothing else: what the compiler makes of vector code depends on everything that ran before, and a
 * suite runs every kernel on every device first.
 */
public final class FreshJvm {
    /** However busy the machine is, nothing runs while it waits for its compiled form: what is counted then depends on counts alone. */
    public static final List<String> COMPILE_FIRST = List.of("-Xbatch");

    private FreshJvm() {}

    /** Runs a program with this JVM's module flags and class path, and gives what it printed. */
    public static String run(Class<?> program, String... arguments) throws IOException, InterruptedException {
        return run(List.of(), program, arguments);
    }

    /** The same with some more flags. */
    public static String run(List<String> flags, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--"))
                .forEach(command::add);
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath(), program.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new AssertionError(
                    "program must succeed: program=" + program.getName() + " status=" + status + " output=" + output);
        }
        return output.strip();
    }

    /** What this JVM finds its classes on, also behind the manifest of a jar. */
    public static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
