package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/**
 * The loss -t·ln σ(x) - (1 - t)·ln(1 - σ(x)) of logit x against target t in [0, 1], as max(x, 0) - x·t + ln(1 + e^-|x|),
 * which no logit overflows.
 */
public record SigmoidCrossEntropy() implements Binary {

    @Override
    public TensorType type(List<TensorType> inputs) {
        TensorType type = Binary.super.type(inputs);
        Rules.type(this, "targets", inputs.get(1), inputs.get(0));
        return type;
    }

    @Override
    public double apply(double logit, double target) {
        return Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit)));
    }

    @Override
    public Value leftSlope(Emitter e, Value logit, Value target, Value y) {
        return e.emit(new SigmoidError(), logit, target);
    }

    @Override
    public Value rightSlope(Emitter e, Value logit, Value target, Value y) {
        return e.negate(logit);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new SigmoidCrossEntropy(), Literal.wave(37), Literal.fraction(37)),
                Sample.of(new SigmoidCrossEntropy(), Literal.of(1e4, -1e4, 0, 30), Literal.of(0, 1, 0.5, 1))
                        .valuesOnly());
    }
}
