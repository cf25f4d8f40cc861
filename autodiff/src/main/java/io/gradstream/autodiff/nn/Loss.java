package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/** What a model is punished for, per row: outputs z against labels y. */
@SuppressWarnings("ClassInitializationDeadlock") // without default methods a record does not initialize its interface
public sealed interface Loss {
    Loss BINARY_CROSS_ENTROPY = new BinaryCrossEntropy(1);
    Loss CROSS_ENTROPY = new CrossEntropy(0, List.of());
    Loss MSE = new SquaredError();
    Loss MAE = new AbsoluteError();
    Loss POISSON = new Poisson();
    Loss RECONSTRUCTION = new Reconstruction();

    /** The element type of labels: I32 for classes, each of which has an output of its own. */
    DType labels();

    /** Records the loss of every row: F32 [rows], from outputs [rows, outputs] and labels [rows]. */
    Tensor record(Tensor outputs, Tensor labels);

    /** Records what is predicted for every row: F32 [rows, outputs]. */
    Tensor recordPredictions(Tensor outputs);

    /**
     * −w·y·ln σ(z) − (1−y)·ln(1−σ(z)) of the logit z against the label y in [0, 1]; predictions are probabilities.
     *
     * @param positiveWeight w, by which positive labels count
     */
    record BinaryCrossEntropy(double positiveWeight) implements Loss {
        public BinaryCrossEntropy {
            requirePositive("positive weight", positiveWeight);
        }

        @Override
        public DType labels() {
            return DType.F32;
        }

        @Override
        public Tensor record(Tensor outputs, Tensor labels) {
            Tensor logits = rows(outputs);
            return positiveWeight == 1
                    ? logits.sigmoidCrossEntropy(labels)
                    : logits.sigmoidCrossEntropy(labels, positiveWeight);
        }

        @Override
        public Tensor recordPredictions(Tensor outputs) {
            return outputs.sigmoid();
        }
    }

    /**
     * −Σ wₖ·qₖ·ln softmax(z)ₖ of the logits z, where q is 1−s at the label's class plus s/K everywhere; predictions are class probabilities.
     *
     * @param smoothing s
     * @param classWeights w, one per class, or none for equal weights
     */
    record CrossEntropy(double smoothing, List<Double> classWeights) implements Loss {
        public CrossEntropy {
            if (!(smoothing >= 0 && smoothing < 1)) {
                throw new IllegalArgumentException("smoothing must lie within [0, 1): smoothing=" + smoothing);
            }
            classWeights = List.copyOf(classWeights);
            classWeights.forEach(weight -> requirePositive("class weight", weight));
        }

        @Override
        public DType labels() {
            return DType.I32;
        }

        @Override
        public Tensor record(Tensor outputs, Tensor labels) {
            return smoothing == 0 && classWeights.isEmpty()
                    ? outputs.softmaxCrossEntropy(labels)
                    : outputs.softmaxCrossEntropy(labels, smoothing, classWeights);
        }

        @Override
        public Tensor recordPredictions(Tensor outputs) {
            return outputs.softmax();
        }
    }

    /** (z − y)²; predictions are values. */
    record SquaredError() implements Loss {
        @Override
        public DType labels() {
            return DType.F32;
        }

        @Override
        public Tensor record(Tensor outputs, Tensor labels) {
            return rows(outputs).subtract(labels).square();
        }

        @Override
        public Tensor recordPredictions(Tensor outputs) {
            return outputs;
        }
    }

    /** |z − y|, with the subgradient 0 where both are equal; predictions are values. */
    record AbsoluteError() implements Loss {
        @Override
        public DType labels() {
            return DType.F32;
        }

        @Override
        public Tensor record(Tensor outputs, Tensor labels) {
            return rows(outputs).subtract(labels).abs();
        }

        @Override
        public Tensor recordPredictions(Tensor outputs) {
            return outputs;
        }
    }

    /**
     * (z − y)²/2 up to a distance of δ and δ·(|z − y| − δ/2) beyond; predictions are values.
     *
     * @param threshold δ
     */
    record Huber(double threshold) implements Loss {
        public Huber {
            requirePositive("threshold", threshold);
        }

        @Override
        public DType labels() {
            return DType.F32;
        }

        @Override
        public Tensor record(Tensor outputs, Tensor labels) {
            return rows(outputs).subtract(labels).huber(threshold);
        }

        @Override
        public Tensor recordPredictions(Tensor outputs) {
            return outputs;
        }
    }

    /** eᶻ − y·z of the logarithm z of a rate against the count y, without the part that no z changes; predictions are rates. */
    record Poisson() implements Loss {
        @Override
        public DType labels() {
            return DType.F32;
        }

        @Override
        public Tensor record(Tensor outputs, Tensor labels) {
            return rows(outputs).poisson(labels);
        }

        @Override
        public Tensor recordPredictions(Tensor outputs) {
            return outputs.exp();
        }
    }

    /** The output z itself, which says how badly a model did at a task of its own; so does the prediction, and labels are not looked at. */
    record Reconstruction() implements Loss {
        @Override
        public DType labels() {
            return DType.F32;
        }

        @Override
        public Tensor record(Tensor outputs, Tensor labels) {
            return rows(outputs);
        }

        @Override
        public Tensor recordPredictions(Tensor outputs) {
            return outputs;
        }
    }

    private static Tensor rows(Tensor outputs) {
        return outputs.reshape(outputs.shape().dim(0));
    }

    private static void requirePositive(String what, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(what + " must be positive and finite: value=" + value);
        }
    }
}
