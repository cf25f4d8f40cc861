package io.gradstream.load.peer;

import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** The libtorch library in this process: loaded at first use, one thread, or the reason why it is not there. */
public final class Libtorch {
    private static final Optional<String> WHY_MISSING = load();

    private Libtorch() {}

    /** Why libtorch cannot be used here, or nothing when it can. */
    public static Optional<String> whyMissing() {
        return WHY_MISSING;
    }

    static void require() {
        WHY_MISSING.ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
    }

    private static Optional<String> load() {
        try {
            Loader.load(torch.class);
            torch.set_num_threads(1);
            openblas_nolapack.blas_set_num_threads(1);
            return Optional.empty();
        } catch (LinkageError e) {
            return Optional.of("libtorch has no native library for this platform: platform="
                    + Loader.getPlatform()
                    + " cause="
                    + e.getMessage());
        }
    }
}
