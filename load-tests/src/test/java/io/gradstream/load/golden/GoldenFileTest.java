package io.gradstream.load.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

@Needs(Tool.LIBTORCH)
class GoldenFileTest {
    private static final Path STORED = Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .resolveSibling("autodiff/src/test/resources/io/gradstream/autodiff/check/goldens.txt");

    @Test
    void theStoredFileIsWhatLibtorchSays() throws IOException {
        List<String> fresh = GoldenFile.text().lines().toList();
        List<String> stored = Files.readAllLines(STORED);
        assertThat(stored).hasSameSizeAs(fresh);
        for (int line = 0; line < fresh.size(); line++) {
            String[] expected = fresh.get(line).split(" = ", -1);
            String[] actual = stored.get(line).split(" = ", -1);
            assertThat(actual[0]).isEqualTo(expected[0]);
            if (expected.length > 1 && !expected[1].isEmpty()) {
                compare(line + 1, actual[1].split(" "), expected[1].split(" "));
            }
        }
    }

    private static void compare(int line, String[] actual, String[] expected) {
        assertThat(actual).as("line %d", line).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            double truth = Double.parseDouble(expected[i]);
            assertThat(Double.parseDouble(actual[i]))
                    .as("line %d number %d", line, i)
                    .isCloseTo(truth, within(1e-11 * Math.max(1, Math.abs(truth))));
        }
    }
}
