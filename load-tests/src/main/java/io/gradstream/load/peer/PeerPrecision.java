package io.gradstream.load.peer;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** In which numbers libtorch computes. */
public enum PeerPrecision {
    FLOAT(ScalarType.Float),
    DOUBLE(ScalarType.Double),
    /** Float parameters; matrix products in bfloat16 where PyTorch's autocast policy allows it. */
    BFLOAT16_AUTOCAST(ScalarType.Float);

    private final ScalarType parameters;

    PeerPrecision(ScalarType parameters) {
        this.parameters = parameters;
    }

    ScalarType parameters() {
        return parameters;
    }
}
