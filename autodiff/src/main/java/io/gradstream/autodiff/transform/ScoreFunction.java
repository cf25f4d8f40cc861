package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.ShapeException;
import io.gradstream.autodiff.tape.Tensor;

/**
 * The score-function estimator (REINFORCE): gradients of an expectation E[f(x)] over samples x of a distribution with parameters,
 * when f has no derivative. It is unbiased because ∇E[f] = E[(f - b)·∇ln p(x)] for every baseline b that does not depend on
 * the sample; a baseline near E[f] lowers the variance.
 */
public final class ScoreFunction {

    private ScoreFunction() {}

    /** A scalar whose gradient estimates that of E[f]; its value means nothing. */
    public static Tensor surrogate(Tensor logProbabilities, Tensor values) {
        if (!logProbabilities.type().equals(values.type())) {
            throw new ShapeException("every sample needs a log-probability and a value: logProbabilities="
                    + logProbabilities.describe() + " values=" + values.describe());
        }
        return logProbabilities.multiply(values.stopGradient()).mean();
    }

    /** The same with a baseline that must not depend on the samples: a running mean of earlier values, say. */
    public static Tensor surrogate(Tensor logProbabilities, Tensor values, Tensor baseline) {
        return surrogate(logProbabilities, values.subtract(baseline));
    }
}
