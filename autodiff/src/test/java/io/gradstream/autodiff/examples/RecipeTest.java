package io.gradstream.autodiff.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.FreshJvm;
import io.gradstream.autodiff.tape.Tape;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe for an operation of the engine, followed to the letter: its file, its word in {@code permits}, and its samples. */
class RecipeTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path FAMILY = SOURCES.resolve("io/gradstream/autodiff/op/Unary.java");

    /** What a test of the operation's samples would do, in the same compilation. */
    private static final String PROOF = """
            package io.gradstream.autodiff.check;

            import io.gradstream.autodiff.op.Sample;
            import io.gradstream.autodiff.op.Softsign;

            public final class Proof implements java.util.function.BooleanSupplier {
                @Override
                public boolean getAsBoolean() {
                    Sample sample = Softsign.samples().get(0);
                    return new Softsign().apply(-1) == -0.5
                            && GradientCheck.reverse(x -> x.get(0).apply(sample.op()), sample.inputs()).isEmpty()
                            && GradientCheck.forward(x -> x.get(0).apply(sample.op()), sample.inputs()).isEmpty();
                }
            }
            """;

    @Test
    void addsAnElementwiseOperationByOneFileAndOneWord(@TempDir Path folder) throws Exception {
        String recipe = DocumentationTest.blocks(DocumentationTest.read(Path.of("../CONTRIBUTING.md"))).stream()
                .filter(block -> block.contains("record Softsign"))
                .findFirst()
                .orElseThrow();
        Path sources = Files.createDirectory(folder.resolve("sources"));
        Path classes = Files.createDirectory(folder.resolve("classes"));
        Files.writeString(sources.resolve("Softsign.java"), recipe);
        Files.writeString(sources.resolve("Unary.java"), withPermit(Files.readString(FAMILY)));
        Files.writeString(sources.resolve("Proof.java"), PROOF);

        compile(sources, classes);

        URL[] path = {classes.toUri().toURL(), engine().toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            Object proof = loader.loadClass("io.gradstream.autodiff.check.Proof")
                    .getConstructor()
                    .newInstance();
            assertThat(((BooleanSupplier) proof).getAsBoolean()).isTrue();
        }
    }

    private static String withPermit(String family) {
        String extended = family.replaceFirst("permits ", "permits Softsign, ");
        assertThat(extended).isNotEqualTo(family);
        return extended;
    }

    private static void compile(Path sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-proc:none", "-nowarn", "-cp", FreshJvm.classPath(), "-d", classes.toString());
            boolean compiled = compiler.getTask(
                            null,
                            files,
                            null,
                            options,
                            null,
                            files.getJavaFileObjects(
                                    sources.resolve("Softsign.java"),
                                    sources.resolve("Unary.java"),
                                    sources.resolve("Proof.java")))
                    .call();
            assertThat(compiled).isTrue();
        }
    }

    private static Path engine() throws Exception {
        return Path.of(
                Tape.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
