package io.gradstream.autodiff.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Code that the documentation shows is code of the examples: compiled, run, and the same but for white space. */
class DocumentationTest {

    private static final Path EXAMPLES = Path.of("src/test/java/io/gradstream/autodiff/examples");
    private static final Pattern CODE = Pattern.compile("^```java\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    @TestFactory
    Stream<DynamicTest> quotesTheExamplesInTheGuide() throws IOException {
        return quotes(read(Path.of("../docs/extending.md")));
    }

    @TestFactory
    Stream<DynamicTest> quotesTheExamplesWhereTheReadmeShowsTheEngine() throws IOException {
        String readme = read(Path.of("../README.md"));
        return quotes(readme.substring(readme.indexOf("## The engine alone")));
    }

    private static Stream<DynamicTest> quotes(String document) throws IOException {
        String sources = sources();
        List<String> blocks = blocks(document);
        assertThat(blocks).isNotEmpty();
        return IntStream.range(0, blocks.size())
                .mapToObj(i ->
                        dynamicTest("block " + i, () -> assertThat(sources).contains(withoutSpace(blocks.get(i)))));
    }

    static List<String> blocks(String document) {
        List<String> blocks = new ArrayList<>();
        CODE.matcher(document).results().forEach(block -> blocks.add(block.group(1)));
        return blocks;
    }

    static String read(Path file) throws IOException {
        return Files.readString(file);
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.map(DocumentationTest::source).collect(Collectors.joining("\n"));
        }
    }

    private static String source(Path file) {
        try {
            return withoutSpace(read(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s", "");
    }
}
