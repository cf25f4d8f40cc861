package io.gradstream.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of what the engine can do says only what there is: every class and every test it names stands in the sources. */
class InventoryTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\|.*");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    private record Row(int number, String what, List<String> classes, List<String> tests) {}

    @Test
    void namesAClassAndATestForEveryRow() throws IOException {
        List<Row> rows = rows();
        assertThat(rows.stream().map(Row::number))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 47).boxed().toList());
        assertThat(rows).filteredOn(row -> !row.what().contains("(later)")).allSatisfy(row -> {
            assertThat(row.classes()).as("classes of row %d", row.number()).isNotEmpty();
            assertThat(row.tests()).as("tests of row %d", row.number()).isNotEmpty();
        });
    }

    @Test
    void namesOnlyClassesThatExist() throws IOException {
        Map<String, String> main = sources("src/main/java");
        for (Row row : rows()) {
            for (String name : row.classes()) {
                String simple = name.substring(name.lastIndexOf('.') + 1);
                assertThat(main.keySet())
                        .as("row %d: %s", row.number(), name)
                        .anyMatch(path -> path.endsWith(file(name)));
                assertThat(main.values()).as("row %d: %s", row.number(), name).anyMatch(text -> declares(text, simple));
            }
        }
    }

    @Test
    void namesOnlyTestsThatExist() throws IOException {
        Map<String, String> tests = sources("src/test/java");
        for (Row row : rows()) {
            for (String name : row.tests()) {
                int dot = name.lastIndexOf('.');
                assertThat(dot)
                        .as("row %d: a test is Class.method: %s", row.number(), name)
                        .isPositive();
                List<String> found = tests.entrySet().stream()
                        .filter(entry -> entry.getKey().endsWith("/" + name.substring(0, dot) + ".java"))
                        .map(Map.Entry::getValue)
                        .toList();
                assertThat(found).as("row %d: %s", row.number(), name).isNotEmpty();
                Pattern method =
                        Pattern.compile("@(?:Test|TestFactory|ParameterizedTest|Property)\\b[\\s\\S]{0,300}?(?:void|>) "
                                + Pattern.quote(name.substring(dot + 1)) + "\\(");
                assertThat(found)
                        .as("row %d: %s", row.number(), name)
                        .anyMatch(text -> method.matcher(text).find());
            }
        }
    }

    private static String file(String name) {
        return "/" + name.replace('.', '/') + ".java";
    }

    private static boolean declares(String text, String type) {
        return Pattern.compile("\\b(class|record|interface|enum) " + Pattern.quote(type) + "\\b")
                .matcher(text)
                .find();
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/inventory.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String[] cells = line.split("\\|", -1);
                assertThat(cells).as(line).hasSize(6);
                rows.add(new Row(Integer.parseInt(row.group(1)), cells[2], names(cells[3]), names(cells[4])));
            }
        }
        return rows;
    }

    private static List<String> names(String cell) {
        return NAME.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    /** The text of every source file of every room, by its path. */
    private static Map<String, String> sources(String folder) throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String room : Arrays.asList("autodiff", "pipeline", "config", "load-tests")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(room).resolve(folder))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    sources.put(file.toString().replace('\\', '/'), Files.readString(file));
                }
            }
        }
        return sources;
    }
}
