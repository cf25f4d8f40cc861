package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/**
 * The error σ(x) - t of logit x against target t in [0, 1], which is the slope of {@link SigmoidCrossEntropy}. With e = e^-|x| it is
 * ((1 - t) - t·e) / (1 + e) for positive x and ((1 - t)·e - t) / (1 + e) otherwise: the small error of a confident right answer is as
 * accurate as any other, where subtracting would leave nothing of it.
 */
public record SigmoidError() implements Binary {

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
        return (logit >= 0 ? rest - target * exp : rest * exp - target) / (1 + exp);
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
