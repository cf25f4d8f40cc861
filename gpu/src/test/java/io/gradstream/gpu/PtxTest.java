package io.gradstream.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The committed PTX becomes code for every kind of card, without a card: it assembles, and its numbers fit into registers. sm_80 is an A100,
 * sm_89 an L4 or an RTX 40, sm_90 an H100 or an H200.
 */
class PtxTest {
    private static final Path PTX = Path.of("src/main/resources/io/gradstream/gpu/ptx");
    private static final Path SAMPLE = Path.of("src/test/resources/io/gradstream/gpu/emulator");

    /** With so many, two blocks of 256 threads fit on a multiprocessor at once. */
    private static final int MOST_REGISTERS = 128;

    @ParameterizedTest
    @ValueSource(strings = {"sm_80", "sm_89", "sm_90"})
    void kernelsFitIntoRegisters(String architecture) {
        List<CompiledKernel> kernels = modules().parallelStream()
                .flatMap(module -> CompiledKernel.parse(PtxCompiler.report(read(module), architecture)).stream())
                .toList();

        assertThat(kernels)
                .hasSize(modules().stream().mapToInt(PtxTest::entries).sum());
        assertThat(kernels)
                .filteredOn(kernel -> kernel.registers() > MOST_REGISTERS)
                .as("more registers than " + MOST_REGISTERS)
                .isEmpty();
        assertThat(kernels)
                .filteredOn(kernel -> kernel.spilledBytes() > 0)
                .as("spilled")
                .isEmpty();
    }

    @Test
    void isReadByEveryDriverFrom525On() {
        assertThat(modules())
                .hasSizeGreaterThan(5)
                .allSatisfy(module -> assertThat(read(module).lines()).contains(".version 8.0", ".target sm_80"));
    }

    @Test
    @Needs(Tool.NVCC)
    void isWhatItsSourcesCompileTo(@TempDir Path folder) throws IOException, InterruptedException {
        Process generate = new ProcessBuilder("src/main/cuda/generate", folder.toString())
                .inheritIO()
                .start();
        assertThat(generate.waitFor()).isZero();

        TreeMap<String, String> committed = new TreeMap<>();
        Stream.concat(modules().stream(), list(SAMPLE))
                .forEach(module -> committed.put(module.getFileName().toString(), read(module)));
        TreeMap<String, String> generated = new TreeMap<>();
        list(folder).forEach(module -> generated.put(module.getFileName().toString(), read(module)));
        assertThat(generated.keySet()).isEqualTo(committed.keySet());
        assertThat(generated)
                .allSatisfy((name, ptx) -> assertThat(ptx.equals(committed.get(name)))
                        .as("%s is what its source compiles to; run gpu/src/main/cuda/generate", name)
                        .isTrue());
    }

    private static int entries(Path module) {
        return (int)
                read(module).lines().filter(line -> line.contains(".entry ")).count();
    }

    private static List<Path> modules() {
        return list(PTX).toList();
    }

    private static Stream<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".ptx")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
