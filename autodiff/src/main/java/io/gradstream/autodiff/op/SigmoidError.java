package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/**
 * The error σ(x) - t of logit x against target t in [0, 1], which is the slope of {@link SigmoidCrossEntropy}. With e = e^-|x| it is
 * ((1 - t) - t·e) / (1 + e) for positive x and ((1 - t)·e - t) / (1 + e) otherwise: the small error of a confident right answer is as
 * accurate as any other, where subtracting would leave nothing of it. What is below {@link #LEAST} is 0: gradients made of it are numbers
 * that teach nothing and on which processors are ten times slower.
 */
public record SigmoidError() implements Binary {
    /** The smallest error that is not 0, which is the smallest first moment that optimizers keep. */
    public static final double LEAST = OptimizerUpdate.FIRST_MOMENT_FLUSH;

    @Override
    public TensorType type(List<TensorType> inputs) {
        TensorType type = Binary.super.type(inputs);
        Rules.type(this, "targets", inputs.get(1), inputs.get(0));
        return type;
    }

    @Override
    public double apply(double logit, double target) {
        double exp = Math.exp(-Math.abs(logit));
        double rest = 1 - target;
        double error = (logit >= 0 ? rest - target * exp : rest * exp - target) / (1 + exp);
        return Math.abs(error) < LEAST ? 0 : error;
    }

    @Override
    public Value leftSlope(Emitter e, Value logit, Value target, Value y) {
        return e.multiply(e.sigmoid(logit), e.sigmoid(e.negate(logit)));
    }

    @Override
    public Value rightSlope(Emitter e, Value logit, Value target, Value y) {
        return e.constant(-1, y.dtype());
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new SigmoidError(), Literal.wave(37), Literal.fraction(37)),
                Sample.of(new SigmoidError(), Literal.of(1e4, -1e4, 0, 30, -30), Literal.of(0, 1, 0.5, 1, 0))
                        .valuesOnly());
    }
}
