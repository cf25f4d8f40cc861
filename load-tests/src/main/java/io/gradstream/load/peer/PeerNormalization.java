package io.gradstream.load.peer;

import org.bytedeco.pytorch.Tensor;

/** What stands before an activation, with PyTorch's default constants. */
public enum PeerNormalization {
    NONE {
        @Override
        void declare(PeerParameters parameters, String name, int width) {}

        @Override
        Tensor apply(Tensor x, PeerWeights weights, String name) {
            return x;
        }
    },
    BATCH {
        @Override
        void declare(PeerParameters parameters, String name, int width) {
            parameters.norm(name, width).state(name + ".running_mean", 0, width).state(name + ".running_var", 1, width);
        }

        @Override
        Tensor apply(Tensor x, PeerWeights weights, String name) {
            return weights.batchNorm(x, name);
        }
    },
    LAYER {
        @Override
        void declare(PeerParameters parameters, String name, int width) {
            parameters.norm(name, width);
        }

        @Override
        Tensor apply(Tensor x, PeerWeights weights, String name) {
            return weights.layerNorm(x, name);
        }
    };

    abstract void declare(PeerParameters parameters, String name, int width);

    abstract Tensor apply(Tensor x, PeerWeights weights, String name);
}
