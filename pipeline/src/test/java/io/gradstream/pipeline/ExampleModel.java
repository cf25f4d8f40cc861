package io.gradstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** The custom model of the documentation, compiled and put into a jar as its build script does. */
public final class ExampleModel {
    /** The example's folder. */
    public static final Path FOLDER = Path.of("../examples/custom-model");

    private ExampleModel() {}

    /** A jar of the example in a folder. */
    public static Path jar(Path folder) throws IOException {
        return jar(folder, FOLDER.resolve("src/main/java/example/TwoTowers.java"));
    }

    /** A jar of one source file in a folder. */
    public static Path jar(Path folder, Path source) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int status = compiler.run(
                null,
                OutputStream.nullOutputStream(),
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                source.toString());
        assertThat(status).as("compiled %s", source).isZero();
        Path jar = folder.resolve("model.jar");
        try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                add(to, classes.relativize(file).toString(), file);
            }
        }
        return jar;
    }

    private static void add(JarOutputStream jar, String name, Path file) {
        try {
            jar.putNextEntry(new JarEntry(name.replace('\\', '/')));
            Files.copy(file, jar);
            jar.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The example's configuration with some lines behind it. */
    public static String configuration(List<String> more) throws IOException {
        return Files.readString(FOLDER.resolve("two-towers.yaml")) + String.join("\n", more) + "\n";
    }
}
