package io.gradstream.load.peer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What stands between two layers. */
public enum PeerActivation {
    RELU {
        @Override
        Tensor apply(Tensor x) {
            return torch.relu(x);
        }
    },
    SIGMOID {
        @Override
        Tensor apply(Tensor x) {
            return torch.sigmoid(x);
        }
    },
    TANH {
        @Override
        Tensor apply(Tensor x) {
            return torch.tanh(x);
        }
    },
    GELU {
        @Override
        Tensor apply(Tensor x) {
            return torch.gelu(x);
        }
    },
    SILU {
        @Override
        Tensor apply(Tensor x) {
            return torch.silu(x);
        }
    };

    abstract Tensor apply(Tensor x);
}
