package io.gradstream.load.peer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The loss of the rows, each for itself or reduced as PyTorch reduces. */
@SuppressWarnings("ClassInitializationDeadlock") // without default methods a record does not initialize its interface
public sealed interface PeerLoss {
    PeerLoss BINARY_CROSS_ENTROPY = new BinaryCrossEntropy(1);
    PeerLoss CROSS_ENTROPY = new CrossEntropy(0, List.of());
    PeerLoss MSE = new SquaredError();

    /** PyTorch's reductions and their numbers. */
    enum Reduction {
        NONE(0),
        MEAN(1),
        SUM(2);

        private final long code;

        Reduction(long code) {
            this.code = code;
        }
    }

    /** Whether labels are classes. */
    static boolean isOfClasses(PeerLoss loss) {
        return loss instanceof CrossEntropy;
    }

    Tensor of(Tensor output, Tensor label, Reduction reduction);

    /** What outputs predict about labels. */
    Tensor predictions(Tensor output);

    /** Of logits against labels in [0, 1], positive ones weighted. */
    record BinaryCrossEntropy(double positiveWeight) implements PeerLoss {
        @Override
        public Tensor of(Tensor output, Tensor label, Reduction reduction) {
            TensorOptional weight = positiveWeight == 1
                    ? new TensorOptional()
                    : new TensorOptional(Tensor.create(positiveWeight).to(output.scalar_type()));
            return torch.binary_cross_entropy_with_logits(
                    output.reshape(-1), label, new TensorOptional(), weight, reduction.code);
        }

        @Override
        public Tensor predictions(Tensor output) {
            return output.sigmoid();
        }
    }

    /** Of logits against classes, smoothed, classes weighted unless no weights are given. */
    record CrossEntropy(double smoothing, List<Double> classWeights) implements PeerLoss {
        private static final long IGNORE_NOTHING = -100;

        @Override
        public Tensor of(Tensor output, Tensor label, Reduction reduction) {
            TensorOptional weights =
                    classWeights.isEmpty() ? new TensorOptional() : new TensorOptional(weights(output));
            return torch.cross_entropy_loss(output, label, weights, reduction.code, IGNORE_NOTHING, smoothing);
        }

        @Override
        public Tensor predictions(Tensor output) {
            return output.softmax(-1);
        }

        private Tensor weights(Tensor like) {
            double[] values =
                    classWeights.stream().mapToDouble(Double::doubleValue).toArray();
            return Tensor.create(values).to(like.scalar_type());
        }
    }

    /** Squared distances. */
    record SquaredError() implements PeerLoss {
        @Override
        public Tensor of(Tensor output, Tensor label, Reduction reduction) {
            return torch.mse_loss(output.reshape(-1), label, reduction.code);
        }

        @Override
        public Tensor predictions(Tensor output) {
            return output;
        }
    }

    /** Distances. */
    record AbsoluteError() implements PeerLoss {
        @Override
        public Tensor of(Tensor output, Tensor label, Reduction reduction) {
            return torch.l1_loss(output.reshape(-1), label, reduction.code);
        }

        @Override
        public Tensor predictions(Tensor output) {
            return output;
        }
    }

    /** Distances, halved squares of those within the threshold. */
    record Huber(double threshold) implements PeerLoss {
        @Override
        public Tensor of(Tensor output, Tensor label, Reduction reduction) {
            return torch.huber_loss(output.reshape(-1), label, reduction.code, threshold);
        }

        @Override
        public Tensor predictions(Tensor output) {
            return output;
        }
    }

    /** Of logarithms of rates against counts. */
    record Poisson() implements PeerLoss {
        private static final double UNUSED = 1e-8;

        @Override
        public Tensor of(Tensor output, Tensor label, Reduction reduction) {
            return torch.poisson_nll_loss(output.reshape(-1), label, true, false, UNUSED, reduction.code);
        }

        @Override
        public Tensor predictions(Tensor output) {
            return output.exp();
        }
    }

    /** The output itself. */
    record Reconstruction() implements PeerLoss {
        @Override
        public Tensor of(Tensor output, Tensor label, Reduction reduction) {
            Tensor rows = output.reshape(-1);
            return switch (reduction) {
                case NONE -> rows;
                case MEAN -> rows.mean();
                case SUM -> rows.sum();
            };
        }

        @Override
        public Tensor predictions(Tensor output) {
            return output;
        }
    }
}
