package io.gradstream.gpu.emulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The emulator's shared libraries, built once from what is in the repository. */
record EmulatorBuild(Path driver, Path cublas12, Path cublas13) {
    private static final List<String> FLAGS = List.of(
            "-std=c++20",
            "-O2",
            "-Wall",
            "-Wextra",
            "-fPIC",
            "-fvisibility=hidden",
            "-fno-strict-aliasing",
            "-ffp-contract=off");

    static EmulatorBuild make() throws IOException, InterruptedException, ExecutionException {
        Room room = Room.find();
        Toolchain toolchain = new Toolchain(room.built().resolve("objects"));
        try (ExecutorService compilers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<Path>> driver = submit(compilers, driverObjects(room, toolchain));
            List<Future<Path>> cublas = submit(compilers, cublasObjects(room, toolchain));
            Path library = driverLibrary(room, toolchain, all(driver));
            List<Path> objects = all(cublas);
            return new EmulatorBuild(
                    library,
                    cublasLibrary(toolchain, library, objects, 12),
                    cublasLibrary(toolchain, library, objects, 13));
        }
    }

    private static List<Callable<Path>> driverObjects(Room room, Toolchain toolchain) throws IOException {
        List<Callable<Path>> objects = new ArrayList<>();
        String headers = contents(room.emulator(), file -> file.endsWith(".h"));
        for (Path source : files(room.emulator().resolve("driver"), file -> file.endsWith(".cpp"))) {
            objects.add(() -> toolchain.object(including(source), headers + Files.readString(source), FLAGS));
        }
        List<KernelSource> kernels = new ArrayList<>(KernelSource.in(room.kernels(), room.ptx()));
        kernels.addAll(KernelSource.in(room.emulator().resolve("sample"), room.samplePtx()));
        Path device = room.emulator().resolve("device");
        String shared = contents(device, file -> file.endsWith(".h"))
                + Files.readString(room.emulator().resolve("driver/kernel.h"))
                + contents(room.kernels(), file -> file.endsWith(".cuh"));
        List<String> flags = new ArrayList<>(FLAGS);
        flags.addAll(List.of(
                "-include",
                device.resolve("emulation.h").toString(),
                "-I" + device,
                "-Wno-unused",
                "-Wno-unknown-pragmas",
                "-Wno-sign-compare"));
        for (KernelSource kernel : kernels) {
            String unit = kernel.unit();
            objects.add(() -> toolchain.object(unit, shared + Files.readString(kernel.source()), flags));
        }
        return objects;
    }

    private static List<Callable<Path>> cublasObjects(Room room, Toolchain toolchain) throws IOException {
        List<Callable<Path>> objects = new ArrayList<>();
        String headers = contents(room.emulator(), file -> file.endsWith(".h"));
        for (Path source : files(room.emulator().resolve("cublas"), file -> file.endsWith(".cpp"))) {
            objects.add(() -> toolchain.object(including(source), headers + Files.readString(source), FLAGS));
        }
        return objects;
    }

    private static Path driverLibrary(Room room, Toolchain toolchain, List<Path> objects) {
        Path folder = room.built().resolve(Toolchain.hash(objects.toString()));
        return toolchain.library(
                folder.resolve("libcuda.so.1"),
                objects,
                List.of("-Wl,-soname,libcuda.so.1", "-Wl,-z,defs", "-lpthread"));
    }

    /** As NVIDIA's, its symbols have its name as their version, and it needs a light sister, which is empty here. */
    private static Path cublasLibrary(Toolchain toolchain, Path driver, List<Path> objects, int version)
            throws IOException {
        Path folder = driver.resolveSibling("cublas" + version + "-" + Toolchain.hash(objects.toString()));
        Path library = folder.resolve("libcublas.so." + version);
        Path sister = toolchain.library(
                folder.resolve("libcublasLt.so." + version),
                List.of(),
                List.of("-Wl,-soname,libcublasLt.so." + version));
        Path symbols = Files.createTempFile(folder, "symbols", null);
        Files.writeString(symbols, library.getFileName() + " { global: *; };\n");
        toolchain.library(
                library,
                objects,
                List.of(
                        "-Wl,-soname," + library.getFileName(),
                        "-Wl,--version-script=" + symbols,
                        "-Wl,--no-as-needed",
                        sister.toString(),
                        driver.toString()));
        Files.delete(symbols);
        return library;
    }

    private static String including(Path source) {
        return "#include \"" + source + "\"\n";
    }

    private static List<Future<Path>> submit(ExecutorService compilers, List<Callable<Path>> objects) {
        return objects.stream().map(compilers::submit).toList();
    }

    private static List<Path> all(List<Future<Path>> objects) throws InterruptedException, ExecutionException {
        List<Path> paths = new ArrayList<>();
        for (Future<Path> object : objects) {
            paths.add(object.get());
        }
        return paths;
    }

    private static String contents(Path folder, Predicate<String> wanted) throws IOException {
        StringBuilder contents = new StringBuilder();
        for (Path file : files(folder, wanted)) {
            contents.append(file.getFileName()).append('\n').append(Files.readString(file));
        }
        return contents.toString();
    }

    private static List<Path> files(Path folder, Predicate<String> wanted) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> wanted.test(file.toString())).sorted().toList();
        }
    }
}
