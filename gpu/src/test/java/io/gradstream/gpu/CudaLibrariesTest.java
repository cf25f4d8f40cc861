package io.gradstream.gpu;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.gradstream.autodiff.FreshJvm;
import io.gradstream.gpu.emulator.Emulator;
import io.gradstream.testing.Needs;
import io.gradstream.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process loads libraries once, so each of these loads them in a process of its own. */
@Needs(Tool.NATIVE_TOOLCHAIN)
class CudaLibrariesTest {
    @TempDir
    private Path folder;

    @Test
    void loadsCublas12() throws Exception {
        assertThat(load(cublas(12))).isEqualTo("driver 12.0, cuBLAS 120000");
    }

    @Test
    void loadsCublas13ThoughJCudaAsksFor12() throws Exception {
        assertThat(load(cublas(13))).isEqualTo("driver 12.0, cuBLAS 130000");
    }

    @Test
    void sixProcessesMayStartTogetherAndLeaveNothingBehind() throws Exception {
        try (ExecutorService starters = Executors.newFixedThreadPool(6)) {
            List<Callable<String>> starts = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Path cublas = cublas(12 + i % 2);
                starts.add(() -> load(cublas, "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + folder));
            }
            List<String> outputs = new ArrayList<>();
            for (Future<String> start : starters.invokeAll(starts)) {
                outputs.add(start.get());
            }
            assertThat(outputs)
                    .hasSize(6)
                    .allSatisfy(output -> assertThat(output).matches("driver 12.0, cuBLAS 1[23]0000"));
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.filter(file -> !file.getFileName().toString().startsWith("hsperfdata")))
                    .isEmpty();
        }
    }

    @Test
    void saysWhenThereIsNoDriver() throws Exception {
        assertThat(FreshJvm.run(
                        List.of(
                                "-Dgradstream.cuda.driver=libcuda-of-nobody.so.1",
                                "-Dgradstream.cuda.cublas=" + cublas(12)),
                        LoadCudaLibraries.class))
                .isEqualTo("no NVIDIA driver on this machine: library=libcuda-of-nobody.so.1");
    }

    @Test
    void saysWhenTheDriverIsTooOld() throws Exception {
        List<String> command = List.of("-Dgradstream.cuda.driver=" + oldDriver());

        assertThat(FreshJvm.run(command, LoadCudaLibraries.class))
                .isEqualTo("the NVIDIA driver is too old: driver=11.8 needed=12.0 (install driver 525 or newer)");
    }

    @Test
    void saysWhichFunctionTheDriverLacks() throws Exception {
        Path incomplete = compiled(folder.resolve("libcuda.so.1"), standIn());

        assertThat(load(incomplete, cublas(12)))
                .isEqualTo("the NVIDIA driver lacks a function: library=" + incomplete + " function=cuCtxSetCurrent");
    }

    @Test
    void saysWhenThereIsNoCublas() throws Exception {
        Path missing = folder.resolve("libcublas.so.12");

        assertThat(load(missing)).isEqualTo("no such cuBLAS library: gradstream.cuda.cublas=" + missing);
    }

    @Test
    void saysWhenCublasIsOfAnotherVersion() throws Exception {
        Path old = Files.createFile(folder.resolve("libcublas.so.11"));

        assertThat(load(old)).startsWith("cuBLAS must be of version 12 or 13: library=" + old + " (install");
    }

    @Test
    void saysWhenCublasIsDamaged() throws Exception {
        Path damaged = Files.writeString(folder.resolve("libcublas.so.12"), "not a library");

        assertThat(load(damaged)).startsWith("cuBLAS cannot be loaded: library=" + damaged);
    }

    @Test
    void saysWhichFunctionCublasLacks() throws Exception {
        Path empty = compiled(folder.resolve("libcublas.so.12"), "int cublasCreate_v2(void) { return 0; }");

        assertThat(load(empty)).startsWith("cuBLAS lacks a function: library=" + empty + " function=cublasDestroy_v2");
    }

    @Test
    void saysWhenFilesMayNotBeUnpacked() throws Exception {
        Path nowhere = folder.resolve("nowhere");

        assertThat(load(cublas(12), "-Djava.io.tmpdir=" + nowhere))
                .isEqualTo("JCuda's native code cannot be unpacked: folder=" + nowhere
                        + " (name another with -Djava.io.tmpdir)");
    }

    /** What JCuda cannot find when it is called ends the process, so all of it is asked for before. */
    @Test
    void asksForEveryFunctionThatTheDeviceCalls() {
        assertThat(calls("jcuda.driver.JCudaDriver", "cu[A-Z].*"))
                .hasSizeGreaterThan(20)
                .allSatisfy(name -> assertThat(Stream.concat(CudaDriver.DEVICE_FUNCTIONS.stream(), detectorFunctions()))
                        .containsAnyOf(name, name + "_v2", name + "WithFlags"));
        assertThat(calls("jcuda.jcublas.JCublas2", "cublas.*"))
                .hasSizeGreaterThan(4)
                .allSatisfy(name ->
                        assertThat(CublasLibrary.FUNCTIONS).containsAnyOf(name.replace("_new", ""), name + "_v2"));
    }

    private static Stream<String> detectorFunctions() {
        return Stream.of(CudaDriver.class.getRecordComponents()).map(component -> component.getName());
    }

    private static Set<String> calls(String owner, String names) {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.gradstream.gpu")
                        .that(resideInAPackage("io.gradstream.gpu.."))
                        .stream()
                        .flatMap(type -> type.getMethodCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().getName().equals(owner))
                        .map(call -> call.getName())
                        .filter(name -> name.matches(names))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Path cublas(int version) {
        return Emulator.load().cublas(version);
    }

    private static String load(Path cublas, String... flags) throws IOException, InterruptedException {
        return load(Emulator.load().driver(), cublas, flags);
    }

    private static String load(Path driver, Path cublas, String... flags) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(flags));
        all.add("-Dgradstream.cuda.driver=" + driver);
        all.add("-Dgradstream.cuda.cublas=" + cublas);
        return FreshJvm.run(all, LoadCudaLibraries.class);
    }

    /** The driver of the detection's tests, which has no functions to train with. */
    private static String standIn() throws IOException {
        return Files.readString(Path.of("src/test/c/cuda_driver_stand_in.c"));
    }

    /** One that has a name for every function, and is of 11.8. */
    private Path oldDriver() throws IOException, InterruptedException {
        String functions = CudaDriver.DEVICE_FUNCTIONS.stream()
                .map(function -> "int " + function + "(void) { return 801; }\n")
                .collect(Collectors.joining());
        return compiled(folder.resolve("libcuda.so.1"), standIn().replace("13020", "11080") + functions);
    }

    private static Path compiled(Path library, String source, String... flags)
            throws IOException, InterruptedException {
        Path file = Files.writeString(Files.createTempFile(library.getParent(), "source", ".c"), source);
        List<String> command =
                new ArrayList<>(List.of("gcc", "-shared", "-fPIC", "-o", library.toString(), file.toString()));
        command.addAll(List.of(flags));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        return library;
    }
}
