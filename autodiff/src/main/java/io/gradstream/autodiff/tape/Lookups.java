package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.BagCombine;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.op.Embedding;

/** Elements chosen or collected by number. */
public sealed interface Lookups extends Expression permits Tensor {

    /** The rows of this table that ids name. */
    default Tensor embedding(Tensor ids) {
        return apply(new Embedding(), ids);
    }

    /** The rows of this table that ids name, bag by bag. */
    default Tensor embeddingBag(Tensor ids, Tensor offsets, Combine combine) {
        return embedding(ids).apply(new BagCombine(combine), offsets);
    }
}
