package io.gradstream.autodiff.step;

/** A rule that turns gradients into new weights, with its constants; the formulas and names are PyTorch's where it has them. */
public sealed interface OptimizerSpec {
    /** The same rule with another weight decay. */
    OptimizerSpec withWeightDecay(double value);

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

        @Override
        public Sgd withWeightDecay(double value) {
            return new Sgd(momentum, dampening, nesterov, value);
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

        @Override
        public Adam withWeightDecay(double value) {
            return new Adam(beta1, beta2, epsilon, value, decoupled);
        }
    }

    /** Adagrad: the rate of an element falls with its gradients; made for features that are rare. */
    record Adagrad(double rateDecay, double weightDecay, double initial, double epsilon) implements OptimizerSpec {
        public Adagrad {
            requireNotNegative("rateDecay", rateDecay);
            requireNotNegative("weightDecay", weightDecay);
            requireNotNegative("initial", initial);
            requirePositive("epsilon", epsilon);
        }

        /** Adagrad with the usual constants. */
        public static Adagrad usual() {
            return new Adagrad(0, 0, 0, 1e-10);
        }

        @Override
        public Adagrad withWeightDecay(double value) {
            return new Adagrad(rateDecay, value, initial, epsilon);
        }
    }

    /** RMSprop, with momentum unless that is 0; centered divides by the deviation instead of the root mean square. */
    record Rmsprop(double alpha, double epsilon, double weightDecay, double momentum, boolean centered)
            implements OptimizerSpec {
        public Rmsprop {
            requireShare("alpha", alpha);
            requirePositive("epsilon", epsilon);
            requireNotNegative("weightDecay", weightDecay);
            requireShare("momentum", momentum);
        }

        /** RMSprop with the usual constants. */
        public static Rmsprop usual() {
            return new Rmsprop(0.99, 1e-8, 0, 0, false);
        }

        @Override
        public Rmsprop withWeightDecay(double value) {
            return new Rmsprop(alpha, epsilon, value, momentum, centered);
        }
    }

    /** Lion: every weight moves by the learning rate, in the direction of a momentum; one moment. */
    record Lion(double beta1, double beta2, double weightDecay) implements OptimizerSpec {
        public Lion {
            requireShare("beta1", beta1);
            requireShare("beta2", beta2);
            requireNotNegative("weightDecay", weightDecay);
        }

        /** Lion with the usual constants. */
        public static Lion usual() {
            return new Lion(0.9, 0.99, 0);
        }

        @Override
        public Lion withWeightDecay(double value) {
            return new Lion(beta1, beta2, value);
        }
    }

    /** Adafactor: the second moments of a matrix are kept as means of rows and columns; no first moment. */
    record Adafactor(double decay, double epsilon1, double epsilon2, double threshold, double weightDecay)
            implements OptimizerSpec {
        public Adafactor {
            if (!(decay < 0)) {
                throw new IllegalArgumentException("decay must be negative: decay=" + decay);
            }
            requirePositive("epsilon1", epsilon1);
            requireNotNegative("epsilon2", epsilon2);
            requirePositive("threshold", threshold);
            requireNotNegative("weightDecay", weightDecay);
        }

        /** Adafactor with the usual constants. */
        public static Adafactor usual() {
            return new Adafactor(-0.8, 0x1p-23, 1e-3, 1, 0);
        }

        @Override
        public Adafactor withWeightDecay(double value) {
            return new Adafactor(decay, epsilon1, epsilon2, threshold, value);
        }
    }

    /** AdamW whose moments take a byte per parameter each, and a scale per 256 of them. */
    record QuantizedAdam(double beta1, double beta2, double epsilon, double weightDecay) implements OptimizerSpec {
        public QuantizedAdam {
            requireShare("beta1", beta1);
            requireShare("beta2", beta2);
            requirePositive("epsilon", epsilon);
            requireNotNegative("weightDecay", weightDecay);
        }

        /** The usual constants. */
        public static QuantizedAdam usual(double weightDecay) {
            return new QuantizedAdam(0.9, 0.999, 1e-8, weightDecay);
        }

        @Override
        public QuantizedAdam withWeightDecay(double value) {
            return new QuantizedAdam(beta1, beta2, epsilon, value);
        }
    }

    /** FTRL-proximal with rates per weight; {@code l1} makes weights exactly zero. */
    record Ftrl(double beta, double l1, double l2) implements OptimizerSpec {
        public Ftrl {
            requireNotNegative("beta", beta);
            requireNotNegative("l1", l1);
            requireNotNegative("l2", l2);
        }

        /** Without regularization. */
        public static Ftrl usual() {
            return new Ftrl(1, 0, 0);
        }

        @Override
        public Ftrl withWeightDecay(double value) {
            return new Ftrl(beta, l1, value);
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

    private static void requirePositive(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(name + " must be positive: " + name + "=" + value);
        }
    }
}
