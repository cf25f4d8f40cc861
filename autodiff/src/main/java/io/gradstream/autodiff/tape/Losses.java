package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.Exp;
import io.gradstream.autodiff.op.Huber;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.LogSoftmax;
import io.gradstream.autodiff.op.Negate;
import io.gradstream.autodiff.op.OneHot;
import io.gradstream.autodiff.op.SigmoidCrossEntropy;
import io.gradstream.autodiff.op.SoftmaxCrossEntropy;
import io.gradstream.autodiff.op.Softplus;
import java.util.List;

/** What predictions are punished for. */
public sealed interface Losses extends Expression permits Tensor {

    /** Element-by-element loss of these logits against targets in [0, 1]. */
    default Tensor sigmoidCrossEntropy(Tensor targets) {
        return apply(new SigmoidCrossEntropy(), targets);
    }

    /** The same where targets of 1 count with a weight: w·t·softplus(-x) + (1 - t)·softplus(x), exact for every logit that is finite. */
    default Tensor sigmoidCrossEntropy(Tensor targets, double positiveWeight) {
        Tensor positive =
                targets.multiply(positiveWeight).multiply(apply(new Negate()).softplus());
        Tensor negative = targets.negate().add(1).multiply(apply(new Softplus()));
        return positive.add(negative);
    }

    /** The cost eˣ - t·x of the logarithms x of rates against counts t. */
    default Tensor poisson(Tensor counts) {
        return apply(new Exp()).subtract(counts.multiply((Tensor) this));
    }

    /** Huber's cost of these residuals: square within the threshold, linear beyond. */
    default Tensor huber(double threshold) {
        return apply(new Huber(threshold));
    }

    /**
     * Row-by-row loss of these logits against class numbers, with targets smoothed over all classes and classes weighted (none given means
     * equally). Logits must be finite.
     */
    default Tensor softmaxCrossEntropy(Tensor classes, double smoothing, List<Double> classWeights) {
        int count = shape().dim(1);
        Tensor truth = classes.apply(new OneHot(count, dtype()));
        if (!classWeights.isEmpty() && classWeights.size() != count) {
            throw new IllegalArgumentException(
                    "every class needs a weight: classes=" + count + " weights=" + classWeights.size());
        }
        Tensor targets = smoothing == 0 ? truth : truth.multiply(1 - smoothing).add(smoothing / count);
        Tensor weighted =
                classWeights.isEmpty() ? targets : targets.multiply(Losses.constant(tape(), dtype(), classWeights));
        return apply(new LogSoftmax()).multiply(weighted).sum(1).negate();
    }

    /** Row-by-row loss of these logits against class numbers. */
    default Tensor softmaxCrossEntropy(Tensor classes) {
        return apply(new SoftmaxCrossEntropy(), classes);
    }

    private static Tensor constant(Tape tape, DType dtype, List<Double> values) {
        double[] content = values.stream().mapToDouble(Double::doubleValue).toArray();
        return tape.input(
                "class weights " + tape.appended(), new Literal(TensorType.of(dtype, content.length), content));
    }
}
