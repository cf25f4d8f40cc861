package io.gradstream.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.DocumentationTool;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavadocTest {

    /** The module of the Vector API is still incubating, which the tool says of every build that uses it. */
    private static final String INCUBATING = "incubating";

    @Test
    void buildsWithoutAnyWarning(@TempDir Path folder) throws IOException {
        DocumentationTool tool = ToolProvider.getSystemDocumentationTool();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        StringWriter output = new StringWriter();
        try (StandardJavaFileManager files = tool.getStandardFileManager(diagnostics, null, null)) {
            files.setLocationFromPaths(DocumentationTool.Location.DOCUMENTATION_OUTPUT, List.of(folder));
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath());
            List<String> options = List.of("-quiet", "-Xdoclint:all,-missing", "--add-modules", "jdk.incubator.vector");
            boolean built = tool.getTask(
                            output, files, diagnostics, null, options, files.getJavaFileObjectsFromPaths(sources()))
                    .call();

            assertThat(diagnostics.getDiagnostics().stream()
                            .filter(diagnostic -> diagnostic.getKind() != Diagnostic.Kind.NOTE)
                            .map(Diagnostic::toString)
                            .filter(message -> !message.contains(INCUBATING)))
                    .as(output.toString())
                    .isEmpty();
            assertThat(built).isTrue();
        }
    }

    private static List<Path> classPath() {
        return Stream.of(FreshJvm.classPath().split(java.io.File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    private static List<Path> sources() {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
