package io.gradstream.gpu;

import java.util.ArrayList;
import java.util.List;

/** Asks a driver for its version and cards, and the file system for cuBLAS. */
record CudaDetector(String driverLibrary, CublasSearch cublasSearch) {

    /** The property that names another driver library than the system's own. */
    static final String DRIVER_PROPERTY = "gradstream.cuda.driver";

    static CudaDetector ofThisMachine() {
        boolean windows = System.getProperty("os.name", "").startsWith("Windows");
        String library = System.getProperty(DRIVER_PROPERTY, windows ? "nvcuda.dll" : "libcuda.so.1");
        return new CudaDetector(library, CublasSearch.ofThisMachine());
    }

    CudaDetection detect() {
        try {
            CudaDriver driver = CudaDriver.load(driverLibrary);
            driver.initialize();
            CudaVersion version = driver.version();
            List<CudaCard> cards = new ArrayList<>();
            int count = driver.cardCount();
            for (int index = 0; index < count; index++) {
                cards.add(driver.card(index));
            }
            return cards.isEmpty()
                    ? new CudaDetection.Unavailable("the CUDA driver reports no card: driver=" + version)
                    : new CudaDetection.Available(version, cards, cublasSearch.search());
        } catch (CudaDriverException e) {
            return new CudaDetection.Unavailable(e.getMessage());
        }
    }
}
