package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/**
 * Adds {@link GradientNoise} to the gradients of a table's touched rows; the others have none. Operands: gradients [capacity, width], control
 * block, the index of the {@link Slots}. The numbers follow from the row, whatever slot it has.
 */
public record AddRowNoise(GradientNoise noise, Draws draws) implements InPlace {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 3);
        TensorType gradients = inputs.get(0);
        Rules.arithmetic(this, gradients);
        Rules.rank(this, gradients, 2);
        Rules.type(this, "control block", inputs.get(1), Control.block());
        Rules.type(this, "index", inputs.get(2), new Slots(gradients.shape().dim(0)).type());
        return gradients;
    }

    /** This operation on operands in a host's memory. */
    public Runnable walk(List<? extends Elements> operands, int width) {
        Elements gradients = operands.get(0);
        Elements control = operands.get(1);
        Elements index = operands.get(2);
        int[] words = new int[Draws.GROUP];
        int pairs = Draws.GROUP / 2;
        int groups = (width + pairs - 1) / pairs;
        return () -> {
            double scale = noise.scale(control);
            long step = (long) control.get(Control.STEP_COUNT.slot());
            int slots = scale == 0 ? 0 : Slots.inUse(index);
            for (int slot = 0; slot < slots; slot++) {
                int group = Slots.row(index, slot) * groups;
                GradientNoise.add(gradients, (long) slot * width, width, scale, draws, step, group, words);
            }
        };
    }

    public static List<Sample> samples() {
        AddRowNoise op = new AddRowNoise(new GradientNoise(0.3, 0.55), new Draws(7, 3));
        return List.of(
                Sample.of(op, TableSample.gradients(4, 3, 9, 2), ControlSample.block(), TableSample.index(4, 9, 2)),
                Sample.of(op, TableSample.gradients(3, 70, 5), ControlSample.block(), TableSample.index(3, 5)),
                Sample.of(
                        op,
                        TableSample.gradients(4, 3, 9, 2),
                        ControlSample.with(Control.FOUND_INF, 1),
                        TableSample.index(4, 9, 2)));
    }
}
