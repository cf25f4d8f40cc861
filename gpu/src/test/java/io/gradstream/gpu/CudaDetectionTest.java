package io.gradstream.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaDetectionTest {
    private static final CublasSearch NO_CUBLAS = new CublasSearch(Optional.empty(), List.of());

    @TempDir
    private static Path folder;

    @Test
    void saysThatThereIsNoDriver() {
        CudaDetection detection = new CudaDetector("libcuda-of-nobody.so.1", NO_CUBLAS).detect();

        assertThat(detection)
                .isEqualTo(new CudaDetection.Unavailable(
                        "no NVIDIA driver on this machine: library=libcuda-of-nobody.so.1"));
    }

    @Test
    void answersOnThisMachineWhateverItHas() {
        assertThat(CudaDetection.detect().whyNot(0))
                .satisfiesAnyOf(
                        why -> assertThat(why).isEmpty(),
                        why -> assertThat(why.orElseThrow()).isNotBlank());
    }

    @Test
    @Needs(Tool.NATIVE_TOOLCHAIN)
    void listsTheCardsOfAWorkingDriver() throws Exception {
        CudaDetection detection = new CudaDetector(standIn("two-cards"), NO_CUBLAS).detect();

        assertThat(detection).isInstanceOfSatisfying(CudaDetection.Available.class, available -> {
            assertThat(available.driver()).hasToString("13.2");
            assertThat(available.cards())
                    .containsExactly(
                            new CudaCard(0, "Stand-in A", 1L << 36, 9, 0),
                            new CudaCard(1, "Stand-in B", 1L << 37, 9, 1));
            assertThat(available.cards().getFirst().describe()).isEqualTo("cuda:0 Stand-in A, 64.0 GiB, compute 9.0");
            assertThat(available.cublas()).isInstanceOf(Cublas.Missing.class);
            assertThat(available.whyNot(0))
                    .hasValueSatisfying(why -> assertThat(why).startsWith("cuBLAS not found"));
            assertThat(available.whyNot(2)).contains("there is no such card: card=2 cards=2");
        });
    }

    @Test
    @Needs(Tool.NATIVE_TOOLCHAIN)
    void namesTheErrorOfADriverThatRefuses() throws Exception {
        CudaDetector detector = new CudaDetector(standIn("refusing", "-DCUDA_STAND_IN_ERROR=803"), NO_CUBLAS);

        assertThat(detector.detect().whyNot(0).orElseThrow())
                .isEqualTo("the CUDA driver refuses to work: function=cuInit error=CUDA_ERROR_SYSTEM_DRIVER_MISMATCH");
    }

    @Test
    @Needs(Tool.NATIVE_TOOLCHAIN)
    void givesTheNumberOfAnErrorTheDriverCannotName() throws Exception {
        CudaDetector detector = new CudaDetector(standIn("nameless", "-DCUDA_STAND_IN_ERROR=9999"), NO_CUBLAS);

        assertThat(detector.detect().whyNot(0).orElseThrow()).endsWith("function=cuInit error=9999");
    }

    @Test
    @Needs(Tool.NATIVE_TOOLCHAIN)
    void saysThatADriverHasNoCard() throws Exception {
        CudaDetector detector = new CudaDetector(standIn("empty", "-DCUDA_STAND_IN_CARDS=0"), NO_CUBLAS);

        assertThat(detector.detect())
                .isEqualTo(new CudaDetection.Unavailable("the CUDA driver reports no card: driver=13.2"));
    }

    @Test
    @Needs(Tool.NATIVE_TOOLCHAIN)
    void namesTheFunctionAnIncompleteDriverLacks() throws Exception {
        CudaDetector detector = new CudaDetector(standIn("old", "-DcuDeviceTotalMem_v2=cuDeviceTotalMem"), NO_CUBLAS);

        assertThat(detector.detect().whyNot(0).orElseThrow())
                .contains("lacks a function", "function=cuDeviceTotalMem_v2");
    }

    @Test
    void usesCardsFromAnA100On() {
        CudaVersion driver = new CudaVersion(12040);
        Cublas cublas = new Cublas.Found(Path.of("libcublas.so.12"));
        CudaCard old = new CudaCard(0, "Tesla V100", 1L << 34, 7, 0);
        CudaCard young = new CudaCard(1, "A100", 1L << 35, 8, 0);
        CudaDetection detection = new CudaDetection.Available(driver, List.of(old, young), cublas);

        assertThat(detection.whyNot(0))
                .contains(
                        "a card must be of compute capability 8.0 or newer: card=cuda:0 Tesla V100, 16.0 GiB, compute 7.0");
        assertThat(detection.whyNot(1)).isEmpty();
        assertThat(new CudaDetection.Available(new CudaVersion(11080), List.of(young), cublas).whyNot(0))
                .hasValueSatisfying(why -> assertThat(why).startsWith("the NVIDIA driver is too old: driver=11.8"));
    }

    private static String standIn(String name, String... flags) throws IOException, InterruptedException {
        Path library = folder.resolve("lib" + name + ".so");
        List<String> command = new ArrayList<>(List.of("gcc", "-shared", "-fPIC", "-o", library.toString()));
        command.addAll(List.of(flags));
        command.add(
                Path.of("src/test/c/cuda_driver_stand_in.c").toAbsolutePath().toString());
        Process compiler = new ProcessBuilder(command).inheritIO().start();
        assertThat(compiler.waitFor()).as("exit code of %s", command).isZero();
        return library.toString();
    }
}
