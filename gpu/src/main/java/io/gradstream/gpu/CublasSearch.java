package io.gradstream.gpu;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A search for the cuBLAS library in the folders users have it in, in this order: the property
 * {@code gradstream.cuda.cublas}, {@code LD_LIBRARY_PATH}, {@code /usr/local/cuda*}, the system's library folders, a conda
 * environment, and the packages {@code nvidia-cublas} of a Python environment.
 */
record CublasSearch(Optional<Path> explicit, List<Path> folders) {

    /** The property that names the library file itself. */
    static final String LIBRARY_PROPERTY = "gradstream.cuda.cublas";

    private static final String LIBRARY = "{libcublas.so.1[23],libcublas.so.1[23].*,cublas64_1[23].dll}";

    CublasSearch {
        folders = List.copyOf(folders);
    }

    static CublasSearch ofThisMachine() {
        Optional<Path> explicit =
                Optional.ofNullable(System.getProperty(LIBRARY_PROPERTY)).map(Path::of);
        return new CublasSearch(explicit, usualFolders(System.getenv(), Path.of("/")));
    }

    static List<Path> usualFolders(Map<String, String> environment, Path root) {
        List<Path> folders = new ArrayList<>();
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(environment.getOrDefault("LD_LIBRARY_PATH", ""))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .forEach(folders::add);
        folders.addAll(below(root.resolve("usr/local"), "cuda*", "lib64"));
        folders.add(root.resolve("usr/lib/x86_64-linux-gnu"));
        folders.add(root.resolve("usr/lib/aarch64-linux-gnu"));
        folders.add(root.resolve("usr/lib64"));
        for (String variable : List.of("CONDA_PREFIX", "VIRTUAL_ENV")) {
            String environmentRoot = environment.get(variable);
            if (environmentRoot != null) {
                Path library = Path.of(environmentRoot, "lib");
                folders.add(library);
                folders.addAll(pythonPackages(library));
            }
        }
        folders.addAll(pythonPackages(root.resolve("usr/local/lib")));
        return folders;
    }

    private static List<Path> pythonPackages(Path library) {
        return below(library, "python*", "{site,dist}-packages", "nvidia", "{cublas,cu13}", "lib");
    }

    Cublas search() {
        if (explicit.isPresent()) {
            Path library = explicit.get();
            return Files.isRegularFile(library)
                    ? new Cublas.Found(library)
                    : new Cublas.Missing("no such cuBLAS library: " + LIBRARY_PROPERTY + "=" + library);
        }
        for (Path folder : folders) {
            List<Path> libraries = below(folder, LIBRARY);
            if (!libraries.isEmpty()) {
                return new Cublas.Found(libraries.getFirst());
            }
        }
        return new Cublas.Missing(
                "cuBLAS not found: install the CUDA toolkit or `pip install nvidia-cublas-cu12`, or set "
                        + LIBRARY_PROPERTY);
    }

    /** The paths below a folder that match one glob per level, newest name first so that the newest version wins. */
    private static List<Path> below(Path folder, String... globs) {
        List<Path> level = List.of(folder);
        for (String glob : globs) {
            List<Path> next = new ArrayList<>();
            for (Path parent : level) {
                next.addAll(children(parent, glob));
            }
            level = next;
        }
        return level;
    }

    private static List<Path> children(Path folder, String glob) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> matching = Files.newDirectoryStream(folder, glob)) {
            matching.forEach(children::add);
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        children.sort(Comparator.reverseOrder());
        return children;
    }
}
