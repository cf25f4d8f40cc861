package io.gradstream.gpu;

import java.util.List;

/**
 * What a look at this machine found of CUDA.
 *
 * <p>Looking loads the system's driver library and nothing else: no context is made, no card memory is taken, no native
 * code of ours or of JCuda is extracted.
 */
public sealed interface CudaDetection {

    /** Looks at this machine. */
    static CudaDetection detect() {
        return CudaDetector.ofThisMachine().detect();
    }

    /** Why training does not run on CUDA, as a sentence for a person. */
    String reason();

    /** A driver that works and at least one card. */
    record Available(CudaVersion driver, List<CudaCard> cards, Cublas cublas) implements CudaDetection {
        public Available {
            cards = List.copyOf(cards);
            if (cards.isEmpty()) {
                throw new IllegalArgumentException("a machine with CUDA has a card: cards=[]");
            }
        }

        @Override
        public String reason() {
            return "this version of Gradstream trains on the CPU only: its CUDA device is not built yet ("
                    + cards.getFirst().describe()
                    + (cards.size() == 1 ? "" : " and " + (cards.size() - 1) + " more")
                    + ")";
        }
    }

    /** No driver, no card, or a driver that refuses to work. */
    record Unavailable(String reason) implements CudaDetection {}
}
