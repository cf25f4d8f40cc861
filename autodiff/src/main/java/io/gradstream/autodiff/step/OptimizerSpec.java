package io.gradstream.autodiff.step;

/** A rule that turns gradients into new weights, with its constants; the formulas and names are PyTorch's. */
public sealed interface OptimizerSpec {
    /** Stochastic gradient descent; momentum 0 keeps no state. */
    record Sgd(double momentum, double dampening, boolean nesterov, double weightDecay) implements OptimizerSpec {
        public Sgd {
            requireShare("momentum", momentum);
            requireNotNegative("weightDecay", weightDecay);
            if (nesterov && (momentum == 0 || dampening != 0)) {
                throw new IllegalArgumentException(
                        "nesterov needs momentum and no dampening: momentum=" + momentum + " dampening=" + dampening);
            }
        }

        /** Plain gradient descent. */
        public static Sgd plain() {
            return new Sgd(0, 0, false, 0);
        }
    }

    /** Adam, or AdamW when the weight decay is decoupled from the gradient. */
    record Adam(double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled)
            implements OptimizerSpec {
        public Adam {
            requireShare("beta1", beta1);
            requireShare("beta2", beta2);
            requireNotNegative("epsilon", epsilon);
            requireNotNegative("weightDecay", weightDecay);
        }

        /** Adam with the usual constants. */
        public static Adam usual() {
            return new Adam(0.9, 0.999, 1e-8, 0, false);
        }

        /** AdamW with the usual constants. */
        public static Adam decoupled(double weightDecay) {
            return new Adam(0.9, 0.999, 1e-8, weightDecay, true);
        }
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be in [0, 1): " + name + "=" + value);
        }
    }

    private static void requireNotNegative(String name, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(name + " must not be negative: " + name + "=" + value);
        }
    }
}
