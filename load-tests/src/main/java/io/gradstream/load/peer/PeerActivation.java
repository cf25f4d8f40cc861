package io.gradstream.load.peer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What stands between two layers, with PyTorch's default constants. */
public enum PeerActivation {
    RELU {
        @Override
        Tensor apply(Tensor x) {
            return torch.relu(x);
        }
    },
    LEAKY_RELU {
        @Override
        Tensor apply(Tensor x) {
            return torch.leaky_relu(x);
        }
    },
    ELU {
        @Override
        Tensor apply(Tensor x) {
            return torch.elu(x);
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
    },
    SOFTPLUS {
        @Override
        Tensor apply(Tensor x) {
            return torch.softplus(x);
        }
    };

    abstract Tensor apply(Tensor x);
}
