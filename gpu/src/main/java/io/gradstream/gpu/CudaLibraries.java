package io.gradstream.gpu;

import org.jspecify.annotations.Nullable;

/**
 * The driver, cuBLAS and JCuda's native code in this process.
 *
 * @param driver the library of the driver
 * @param driverVersion the newest CUDA that the driver knows
 * @param cublas the library of cuBLAS
 */
public record CudaLibraries(String driver, CudaVersion driverVersion, Cublas.Found cublas) {
    private static final Object LOCK = new Object();
    private static @Nullable CudaLibraries loaded;

    /**
     * Finds and loads all of them, the first time it is called in a process.
     *
     * @throws CudaUnavailableException if one is missing or too old, says what to install
     */
    public static CudaLibraries load() {
        synchronized (LOCK) {
            if (loaded == null) {
                loaded = load(CudaDetector.ofThisMachine());
            }
            return loaded;
        }
    }

    private static CudaLibraries load(CudaDetector machine) {
        CudaVersion version = loadDriver(machine.driverLibrary());
        CublasLibrary cublas = switch (machine.cublasSearch().search()) {
            case Cublas.Missing missing -> throw new CudaUnavailableException(missing.reason());
            case Cublas.Found found -> CublasLibrary.of(found.library());
        };
        cublas.load();
        JCudaNatives.load(cublas);
        return new CudaLibraries(machine.driverLibrary(), version, new Cublas.Found(cublas.file()));
    }

    private static CudaVersion loadDriver(String library) {
        try {
            CudaDriver driver = CudaDriver.load(library);
            driver.requireFunctions();
            driver.initialize();
            CudaVersion version = driver.version();
            if (version.isOlderThan(CudaVersion.OLDEST_DRIVER)) {
                throw new CudaUnavailableException(CudaVersion.tooOld(version));
            }
            return version;
        } catch (CudaDriverException e) {
            throw new CudaUnavailableException(e.getMessage(), e);
        }
    }
}
