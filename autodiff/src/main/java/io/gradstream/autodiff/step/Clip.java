package io.gradstream.autodiff.step;

/** How gradients are kept from being too large, after they are unscaled and before the optimizer sees them. */
public sealed interface Clip {
    /** Nothing is changed; the norm is still measured. */
    record Off() implements Clip {}

    /** All gradients are multiplied by min(1, maximum / (norm + 1e-6)), the norm being taken over all of them. */
    record Norm(double maximum) implements Clip {
        public Norm {
            requirePositive(maximum);
        }
    }

    /**
     * The gradients of each {@link ParameterGroup}, and of the parameters that belong to none, are multiplied by
     * min(1, maximum / (norm + 1e-6)), the norm being taken over that group. The whole gradient then points another way than before.
     */
    record GroupNorm(double maximum) implements Clip {
        public GroupNorm {
            requirePositive(maximum);
        }
    }

    /** Every element is brought into [−maximum, maximum]. */
    record Value(double maximum) implements Clip {
        public Value {
            requirePositive(maximum);
        }
    }

    private static void requirePositive(double maximum) {
        if (!(maximum > 0)) {
            throw new IllegalArgumentException("clip maximum must be positive: maximum=" + maximum);
        }
    }
}
