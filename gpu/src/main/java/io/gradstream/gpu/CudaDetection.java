package io.gradstream.gpu;

import java.util.List;
import java.util.Optional;

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

    /** Why a card cannot be trained on, as a sentence for a person; empty if nothing is known against it. */
    Optional<String> whyNot(int card);

    /** A driver that works and at least one card. */
    record Available(CudaVersion driver, List<CudaCard> cards, Cublas cublas) implements CudaDetection {
        public Available {
            cards = List.copyOf(cards);
            if (cards.isEmpty()) {
                throw new IllegalArgumentException("a machine with CUDA has a card: cards=[]");
            }
        }

        @Override
        public Optional<String> whyNot(int card) {
            if (card < 0 || card >= cards.size()) {
                return Optional.of("there is no such card: card=" + card + " cards=" + cards.size());
            }
            if (!cards.get(card).runsOurKernels()) {
                return Optional.of("a card must be of compute capability 8.0 or newer: card="
                        + cards.get(card).describe());
            }
            if (driver.isOlderThan(CudaVersion.OLDEST_DRIVER)) {
                return Optional.of(CudaVersion.tooOld(driver));
            }
            return switch (cublas) {
                case Cublas.Found _ -> Optional.empty();
                case Cublas.Missing missing -> Optional.of(missing.reason());
            };
        }
    }

    /** No driver, no card, or a driver that refuses to work. */
    record Unavailable(String reason) implements CudaDetection {
        @Override
        public Optional<String> whyNot(int card) {
            return Optional.of(reason);
        }
    }
}
