package io.gradstream.autodiff.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.FreshJvm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM in which the library cannot be had says why, always the same, and computes the same without it. */
class OneDnnTest {
    @TempDir
    Path directory;

    @Test
    void remembersThatItIsSwitchedOff() throws Exception {
        requireFallback(probe("-Dgradstream.onednn=off"), "switched off by -Dgradstream.onednn=off");
    }

    @Test
    void remembersThatItsDirectoryIsNone() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        requireFallback(probe(in(file)), file.toString());
    }

    @Test
    void remembersThatTheLibraryIsBroken() throws Exception {
        List<String> whole = probe(in(directory));
        for (Path library : libraries()) {
            try (RandomAccessFile content = new RandomAccessFile(library.toFile(), "rw")) {
                content.write(new byte[4096]);
            }
        }
        List<String> broken = probe(in(directory));

        assertThat(whole).contains("reason=", "close=true");
        requireFallback(broken, "Cannot open library: " + directory);
    }

    /** The two devices and the results that a program of its own reports. */
    private static List<String> probe(String flag) throws IOException, InterruptedException {
        return FreshJvm.run(List.of(flag), OneDnnProbe.class).lines().toList();
    }

    private static String in(Path directory) {
        return "-D" + NativeCache.DIRECTORY + "=" + directory;
    }

    private static void requireFallback(List<String> lines, String reason) {
        assertThat(lines).hasSize(5);
        assertThat(lines.subList(2, 4)).as("the second device says the same").isEqualTo(lines.subList(0, 2));
        assertThat(lines.get(0)).doesNotContain("oneDNN");
        assertThat(lines.get(1)).startsWith("reason=").contains(reason);
        assertThat(lines.get(4)).isEqualTo("close=true");
    }

    private List<Path> libraries() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
