package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.tape.Tensor;

/** A learned vector for every id, the rows of {@code weight} [buckets, dimension]. */
public record Embedding(int buckets, int dimension) {
    /** The vectors of ids of any shape, along a new last axis. */
    public Tensor forward(Tensor ids, Parameters parameters) {
        int[] dims = java.util.Arrays.copyOf(ids.shape().dims(), ids.shape().rank() + 1);
        dims[dims.length - 1] = dimension;
        Tensor flat = ids.shape().rank() == 1
                ? ids
                : ids.reshape(Math.toIntExact(ids.shape().size()));
        return table(parameters).embedding(flat).reshape(dims);
    }

    Tensor table(Parameters parameters) {
        return parameters.get("weight", Shape.of(buckets, dimension), Initializer.Normal.ofEmbedding(dimension));
    }
}
