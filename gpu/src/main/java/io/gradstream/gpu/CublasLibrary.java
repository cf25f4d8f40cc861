package io.gradstream.gpu;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A cuBLAS library of a version that can be used: 12 or 13. */
record CublasLibrary(Path file, int version) {
    /** The version that JCuda was built for. */
    static final int NATIVE_VERSION = 12;

    /** What the device calls; JCuda ends the process when it calls one that is not there. */
    static final List<String> FUNCTIONS = List.of(
            "cublasCreate_v2",
            "cublasDestroy_v2",
            "cublasGemmStridedBatchedEx",
            "cublasGetVersion_v2",
            "cublasSetMathMode",
            "cublasSetStream_v2",
            "cublasSetWorkspace_v2");

    private static final Pattern NAME = Pattern.compile("libcublas\\.so\\.(\\d+).*");

    static CublasLibrary of(Path file) {
        try {
            Matcher name = NAME.matcher(file.toRealPath().getFileName().toString());
            int version = name.matches() ? Integer.parseInt(name.group(1)) : 0;
            if (version != 12 && version != 13) {
                throw new CudaUnavailableException("cuBLAS must be of version 12 or 13: library=" + file
                        + " (install the CUDA toolkit 12 or 13, or `pip install nvidia-cublas-cu12`)");
            }
            return new CublasLibrary(file, version);
        } catch (IOException e) {
            throw new CudaUnavailableException("cuBLAS cannot be read: library=" + file, e);
        }
    }

    /** Loads it for the rest of the process, from where it is, whatever the loader's path says. */
    void load() {
        Path sister = file.resolveSibling("libcublasLt.so." + version);
        SymbolLookup library;
        try {
            if (Files.exists(sister)) {
                SymbolLookup.libraryLookup(sister, Arena.global());
            }
            library = SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new CudaUnavailableException(
                    "cuBLAS cannot be loaded: library=" + file + " (it needs libcublasLt.so." + version
                            + " beside it, and an operating system no older than it asks for)",
                    e);
        }
        for (String function : FUNCTIONS) {
            if (library.find(function).isEmpty()) {
                throw new CudaUnavailableException("cuBLAS lacks a function: library=" + file + " function=" + function
                        + " (install cuBLAS 12 or 13)");
            }
        }
    }
}
