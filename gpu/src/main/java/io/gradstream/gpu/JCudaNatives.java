package io.gradstream.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import jcuda.JCudaVersion;
import jcuda.LibUtils;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;

/**
 * JCuda's native code, unpacked where nobody else unpacks it.
 *
 * <p>JCuda itself unpacks under fixed names into {@code java.io.tmpdir} and trusts whatever is there already: processes that start together
 * load half a file. While it loads, the property names a folder of ours, in which all is there.
 */
final class JCudaNatives {
    private static final String DRIVER = "JCudaDriver";
    private static final String CUBLAS = "JCublas2";

    private JCudaNatives() {}

    /** Loads what talks to the driver and to cuBLAS, both of which must be in the process already. */
    static void load(CublasLibrary cublas) {
        load(Map.of(DRIVER, UnaryOperator.identity(), CUBLAS, library -> fitting(cublas, library)), () -> {
            JCudaDriver.setExceptionsEnabled(false);
            JCublas2.setExceptionsEnabled(false);
        });
    }

    /** Unpacks libraries, changed on the way, while a first use makes JCuda load them. */
    static void load(Map<String, UnaryOperator<byte[]>> libraries, Runnable firstUse) {
        try {
            Path folder = Files.createTempDirectory("gradstream-cuda-");
            try {
                for (Map.Entry<String, UnaryOperator<byte[]>> library : libraries.entrySet()) {
                    String file = fileName(library.getKey());
                    Files.write(folder.resolve(file), library.getValue().apply(bytes(file)));
                }
                loadFrom(folder, firstUse);
            } finally {
                libraries.keySet().forEach(library -> delete(folder.resolve(fileName(library))));
                delete(folder);
            }
        } catch (IOException e) {
            throw new CudaUnavailableException(
                    "JCuda's native code cannot be unpacked: folder=" + System.getProperty("java.io.tmpdir")
                            + " (name another with -Djava.io.tmpdir)",
                    e);
        }
    }

    private static void loadFrom(Path folder, Runnable firstUse) {
        String before = System.getProperty("java.io.tmpdir");
        System.setProperty("java.io.tmpdir", folder.toString());
        try {
            firstUse.run();
        } catch (LinkageError e) {
            throw new CudaUnavailableException(
                    "JCuda's native code cannot be loaded: folder=" + before
                            + " (files there must be allowed to execute; name another with -Djava.io.tmpdir)",
                    e);
        } finally {
            System.setProperty("java.io.tmpdir", before);
        }
    }

    /** JCuda asks for cuBLAS 12 by name; what it calls is the same in 13. */
    private static byte[] fitting(CublasLibrary cublas, byte[] library) {
        return cublas.version() == CublasLibrary.NATIVE_VERSION
                ? library
                : new SharedObject(library)
                        .needing("libcublas.so." + cublas.version(), "libcublas.so." + CublasLibrary.NATIVE_VERSION)
                        .bytes();
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = JCudaDriver.class.getResourceAsStream("/lib/" + file)) {
            if (in == null) {
                throw new CudaUnavailableException("JCuda has no native code for this platform: file=" + file
                        + " (Linux and Windows on x86-64 have)");
            }
            return in.readAllBytes();
        }
    }

    private static String fileName(String name) {
        return LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName(name + "-" + JCudaVersion.get()));
    }

    /** What is mapped needs no file any more, except on Windows. */
    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
