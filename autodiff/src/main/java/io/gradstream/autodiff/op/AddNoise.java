package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds {@link GradientNoise} to a flat block of gradients, after they were clipped and before the optimizer uses them. Operands: gradients,
 * control block. The numbers of a parameter follow from its own stream, the step and the place alone, and are the same bits on every device.
 *
 * @param draws for each segment what its numbers are drawn by
 */
public record AddNoise(GradientNoise noise, List<Draws> draws, Segments segments) implements InPlace {

    public AddNoise {
        draws = List.copyOf(draws);
        if (draws.size() != segments.count()) {
            throw new IllegalArgumentException(
                    "every segment needs a stream: segments=" + segments.count() + " streams=" + draws.size());
        }
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        segments.within(this, inputs.get(0));
        Rules.type(this, "control block", inputs.get(1), Control.block());
        return inputs.get(0);
    }

    /** This operation on operands in a host's memory. */
    public Runnable walk(List<? extends Elements> operands) {
        Elements gradients = operands.get(0);
        Elements control = operands.get(1);
        int[] words = new int[Draws.GROUP];
        return () -> {
            double scale = noise.scale(control);
            long step = (long) control.get(Control.STEP_COUNT.slot());
            for (int i = 0; i < segments.count() && scale != 0; i++) {
                Segment segment = segments.list().get(i);
                GradientNoise.add(gradients, segment.offset(), segment.size(), scale, draws.get(i), step, 0, words);
            }
        };
    }

    public static List<Sample> samples() {
        List<Draws> draws = new ArrayList<>();
        for (int i = 0; i < UpdateSample.SEGMENTS.count(); i++) {
            draws.add(new Draws(7, i));
        }
        AddNoise op = new AddNoise(new GradientNoise(0.3, 0.55), draws, UpdateSample.SEGMENTS);
        return List.of(
                Sample.of(op, UpdateSample.sparse(), ControlSample.block()),
                Sample.of(op, UpdateSample.sparse(), ControlSample.with(Control.FOUND_INF, 1)));
    }
}
