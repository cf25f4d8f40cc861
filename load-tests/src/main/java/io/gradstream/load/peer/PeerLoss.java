package io.gradstream.load.peer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The loss of the rows, each for itself or reduced as PyTorch reduces. */
public enum PeerLoss {
    BINARY_CROSS_ENTROPY {
        @Override
        Tensor of(Tensor output, Tensor label, Reduction reduction) {
            return torch.binary_cross_entropy_with_logits(
                    output.reshape(-1), label, new TensorOptional(), new TensorOptional(), reduction.code);
        }
    },
    CROSS_ENTROPY {
        @Override
        Tensor of(Tensor output, Tensor label, Reduction reduction) {
            return torch.cross_entropy_loss(
                    output, label, new TensorOptional(), reduction.code, IGNORE_NOTHING, NO_SMOOTHING);
        }
    },
    MSE {
        @Override
        Tensor of(Tensor output, Tensor label, Reduction reduction) {
            return torch.mse_loss(output.reshape(-1), label, reduction.code);
        }
    };

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

    private static final long IGNORE_NOTHING = -100;
    private static final double NO_SMOOTHING = 0;

    abstract Tensor of(Tensor output, Tensor label, Reduction reduction);
}
