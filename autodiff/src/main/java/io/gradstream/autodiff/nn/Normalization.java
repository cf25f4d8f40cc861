package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;

/** What brings the units of a hidden layer to one scale, before their activation. */
public enum Normalization {
    NONE,
    /** Over the rows of a micro-batch: {@link BatchNorm}. */
    BATCH,
    /** Over the units of a row: {@link LayerNorm}. */
    LAYER;

    Tensor apply(Tensor x, ModelInputs inputs, Parameters parameters) {
        return switch (this) {
            case NONE -> x;
            case BATCH -> new BatchNorm().forward(x, inputs.counts(), parameters);
            case LAYER -> new LayerNorm().forward(x, parameters);
        };
    }
}
