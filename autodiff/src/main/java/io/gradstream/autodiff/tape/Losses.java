package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.SigmoidCrossEntropy;
import io.gradstream.autodiff.op.SoftmaxCrossEntropy;

/** What predictions are punished for. */
public sealed interface Losses extends Expression permits Tensor {

    /** Element-by-element loss of these logits against targets in [0, 1]. */
    default Tensor sigmoidCrossEntropy(Tensor targets) {
        return apply(new SigmoidCrossEntropy(), targets);
    }

    /** Row-by-row loss of these logits against class numbers. */
    default Tensor softmaxCrossEntropy(Tensor classes) {
        return apply(new SoftmaxCrossEntropy(), classes);
    }
}
