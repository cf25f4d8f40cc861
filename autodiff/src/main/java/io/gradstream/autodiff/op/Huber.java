package io.gradstream.autodiff.op;

import java.util.List;

/** y = x²/2 within the threshold δ and δ·(|x| - δ/2) beyond: Huber's loss of a residual. The slope is x held between -δ and δ. */
public record Huber(double threshold) implements Unary {

    public Huber {
        if (!(threshold > 0 && threshold < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("threshold must be positive and finite: threshold=" + threshold);
        }
    }

    @Override
    public double apply(double x) {
        double size = Math.abs(x);
        return size <= threshold ? 0.5 * x * x : threshold * (size - 0.5 * threshold);
    }

    @Override
    public Value slope(Emitter e, Value x, Value y) {
        return e.emit(new Clamp(-threshold, threshold), x);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Huber(1), Literal.wave(5, 7)),
                Sample.of(new Huber(0.3), Literal.wave(13)),
                Sample.of(new Huber(2), Literal.of(1e30, -1e30, 2, -2, 0)).valuesOnly());
    }
}
