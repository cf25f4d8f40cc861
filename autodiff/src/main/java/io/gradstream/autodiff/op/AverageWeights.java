package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/**
 * Moves a running average of weights after a step (Polyak and Juditsky 1992, with exponential forgetting). Operands: average a, weights p,
 * control block.
 *
 * <pre>
 * a = p                          when STEP_COUNT = 1
 * a = a + (p - a)·(1 - decay)    after that, unless FOUND_INF
 * </pre>
 *
 * <p>The first step starts the average, so that it never holds anything of the initial weights.
 */
public record AverageWeights(double decay) implements InPlace {

    public AverageWeights {
        Ranges.share("decay", decay);
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 3);
        TensorType average = inputs.get(0);
        Rules.arithmetic(this, average);
        Rules.type(this, "weights", inputs.get(1), average);
        Rules.type(this, "control block", inputs.get(2), Control.block());
        return average;
    }

    /** By how much of the distance the average moves in the step at hand. */
    public double gain(Elements control) {
        if (control.get(Control.FOUND_INF.slot()) != 0) {
            return 0;
        }
        return control.get(Control.STEP_COUNT.slot()) == 1 ? 1 : 1 - decay;
    }

    /** This average on operands in a host's memory, in double. */
    public Runnable walk(List<? extends Elements> operands, int count) {
        Elements average = operands.get(0);
        Elements weights = operands.get(1);
        return () -> {
            double gain = gain(operands.get(2));
            for (int i = 0; i < count; i++) {
                double a = average.get(i);
                average.set(i, gain == 1 ? weights.get(i) : a + (weights.get(i) - a) * gain);
            }
        };
    }

    public static List<Sample> samples() {
        AverageWeights op = new AverageWeights(0.9);
        return List.of(
                Sample.of(op, Literal.wave(219), Literal.ripple(219), ControlSample.block()),
                Sample.of(op, Literal.wave(219), Literal.ripple(219), ControlSample.with(Control.STEP_COUNT, 1)),
                Sample.of(op, Literal.wave(219), Literal.ripple(219), ControlSample.with(Control.FOUND_INF, 1)));
    }
}
