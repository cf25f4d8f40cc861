package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.BagCombine;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.op.Embedding;
import io.gradstream.autodiff.op.Gather;
import io.gradstream.autodiff.op.ScatterAdd;

/** Elements chosen or collected by number. */
public sealed interface Lookups extends Expression permits Tensor {

    /** The rows of this table that ids name. */
    default Tensor embedding(Tensor ids) {
        return apply(new Embedding(), ids);
    }

    /** The elements that ids name along an axis: ids have this shape but for that axis. */
    default Tensor gather(int axis, Tensor ids) {
        return apply(new Gather(shape().axis(axis)), ids);
    }

    /** These elements added up where ids say along an axis of the given extent; zeros elsewhere. */
    default Tensor scatterAdd(int axis, Tensor ids, int extent) {
        return apply(new ScatterAdd(shape().axis(axis), extent), ids);
    }

    /** The rows of this table that ids name, bag by bag. */
    default Tensor embeddingBag(Tensor ids, Tensor offsets, Combine combine) {
        return embedding(ids).apply(new BagCombine(combine), offsets);
    }
}
