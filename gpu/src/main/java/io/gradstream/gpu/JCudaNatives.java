package io.gradstream.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        try {
            Path folder = Files.createTempDirectory("gradstream-cuda-");
            List<Path> files = new ArrayList<>();
            try {
                files.add(unpack(folder, DRIVER, bytes(DRIVER)));
                files.add(unpack(folder, CUBLAS, fitting(cublas, bytes(CUBLAS))));
                loadFrom(folder);
            } finally {
                delete(files, folder);
            }
        } catch (IOException e) {
            throw new CudaUnavailableException(
                    "JCuda's native code cannot be unpacked: folder=" + System.getProperty("java.io.tmpdir")
                            + " (name another with -Djava.io.tmpdir)",
                    e);
        }
    }

    private static void loadFrom(Path folder) {
        String before = System.getProperty("java.io.tmpdir");
        System.setProperty("java.io.tmpdir", folder.toString());
        try {
            JCudaDriver.setExceptionsEnabled(false);
            JCublas2.setExceptionsEnabled(false);
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

    private static Path unpack(Path folder, String name, byte[] library) throws IOException {
        return Files.write(folder.resolve(fileName(name)), library);
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = JCudaDriver.class.getResourceAsStream("/lib/" + fileName(name))) {
            if (in == null) {
                throw new CudaUnavailableException("JCuda has no native code for this platform: file=" + fileName(name)
                        + " (Linux and Windows on x86-64 have)");
            }
            return in.readAllBytes();
        }
    }

    private static String fileName(String name) {
        return LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName(name + "-" + JCudaVersion.get()));
    }

    /** What is mapped needs no file any more, except on Windows. */
    private static void delete(List<Path> files, Path folder) {
        List<Path> all = new ArrayList<>(files);
        all.add(folder);
        for (Path file : all) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                file.toFile().deleteOnExit();
            }
        }
    }
}
