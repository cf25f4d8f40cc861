package io.gradstream.autodiff.op;

/** The loss of one row of a linear model, in double: what {@link RowByRow} does between a row's outputs and its update. */
public sealed interface RowLoss {

    /** The loss of the outputs against the label; the outputs become predictions, and their derivatives are left in the slopes. */
    double apply(double[] outputs, double label, double[] slopes);

    /** How many outputs the loss takes. */
    default boolean accepts(int outputs) {
        return outputs == 1;
    }

    /** −y·ln σ(z) − (1 − y)·ln(1 − σ(z)); predicts σ(z). */
    record Logistic() implements RowLoss {
        private static final SigmoidError ERROR = new SigmoidError();

        @Override
        public double apply(double[] outputs, double label, double[] slopes) {
            double z = outputs[0];
            double share = Math.exp(-Math.abs(z));
            outputs[0] = (z >= 0 ? 1 : share) / (1 + share);
            slopes[0] = ERROR.apply(z, label);
            return Math.max(z, 0) - z * label + Math.log1p(share);
        }
    }

    /** −ln softmax(z)ₖ for the class k; predicts softmax(z). */
    record Softmax() implements RowLoss {
        @Override
        public boolean accepts(int outputs) {
            return outputs >= 2;
        }

        @Override
        public double apply(double[] outputs, double label, double[] slopes) {
            double highest = Double.NEGATIVE_INFINITY;
            for (double z : outputs) {
                highest = Math.max(highest, z);
            }
            double sum = 0;
            for (double z : outputs) {
                sum += Math.exp(z - highest);
            }
            int target = (int) label;
            double loss = highest + Math.log(sum) - outputs[target];
            for (int k = 0; k < outputs.length; k++) {
                outputs[k] = Math.exp(outputs[k] - highest) / sum;
                slopes[k] = outputs[k] - (k == target ? 1 : 0);
            }
            return loss;
        }
    }

    /** (z − y)²; predicts z. */
    record Squared() implements RowLoss {
        @Override
        public double apply(double[] outputs, double label, double[] slopes) {
            double distance = outputs[0] - label;
            slopes[0] = 2 * distance;
            return distance * distance;
        }
    }

    /** |z − y|, with slope 0 at 0; predicts z. */
    record Absolute() implements RowLoss {
        @Override
        public double apply(double[] outputs, double label, double[] slopes) {
            double distance = outputs[0] - label;
            slopes[0] = Math.signum(distance);
            return Math.abs(distance);
        }
    }

    /** (z − y)²/2 up to a distance δ, and δ·(|z − y| − δ/2) from there; predicts z. */
    record Huber(double delta) implements RowLoss {
        public Huber {
            if (!(delta > 0)) {
                throw new IllegalArgumentException("delta must be positive: delta=" + delta);
            }
        }

        @Override
        public double apply(double[] outputs, double label, double[] slopes) {
            double distance = outputs[0] - label;
            double size = Math.abs(distance);
            slopes[0] = Math.clamp(distance, -delta, delta);
            return size <= delta ? distance * distance / 2 : delta * (size - delta / 2);
        }
    }

    /** eᶻ − y·z; predicts the count eᶻ. */
    record Poisson() implements RowLoss {
        @Override
        public double apply(double[] outputs, double label, double[] slopes) {
            double z = outputs[0];
            outputs[0] = Math.exp(z);
            slopes[0] = outputs[0] - label;
            return outputs[0] - label * z;
        }
    }
}
