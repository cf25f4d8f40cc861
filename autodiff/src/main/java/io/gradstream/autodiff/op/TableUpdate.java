package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * A step of an optimizer on a table of which only the rows with slots have gradients; those are zeros and without slots afterwards, also
 * when the step is skipped. Operands: table [rows, width], gradients [capacity, width], moments like the table, control block, update
 * statistics [1, columns], the index of the {@link Slots}.
 *
 * <p>The statistics must hold Σ p² of the table as it is; of a skipped step they tell no change.
 *
 * @param rule the optimizer; its segments do not count
 * @param everyRow whether rows without a slot are updated under a gradient of zero, as in a dense step, or left alone
 */
public record TableUpdate(ElementwiseUpdate rule, boolean everyRow) implements InPlace {

    @Override
    public List<Integer> overwrites() {
        List<Integer> indices = new ArrayList<>(List.of(0, 1));
        for (int i = 0; i < rule.moments(); i++) {
            indices.add(2 + i);
        }
        indices.add(3 + rule.moments());
        indices.add(4 + rule.moments());
        return indices;
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        int moments = rule.moments();
        Rules.arity(this, inputs, 5 + moments);
        TensorType table = inputs.get(0);
        TensorType gradients = inputs.get(1);
        Rules.arithmetic(this, table);
        Rules.rank(this, table, 2);
        Rules.rank(this, gradients, 2);
        Rules.type(
                this,
                "gradients",
                gradients,
                TensorType.of(
                        table.dtype(), gradients.shape().dim(0), table.shape().dim(1)));
        for (int i = 0; i < moments; i++) {
            Rules.type(this, "moment " + i, inputs.get(2 + i), table);
        }
        Rules.type(this, "control block", inputs.get(2 + moments), Control.block());
        Rules.type(this, "update statistics", inputs.get(3 + moments), OptimizerUpdate.block(1));
        Rules.type(
                this,
                "index",
                inputs.get(4 + moments),
                new Slots(gradients.shape().dim(0)).type());
        return table;
    }

    /** The operands of this operation by name, as a host device holds them. */
    public record Operands(
            Elements table,
            Elements gradients,
            List<Elements> moments,
            Elements control,
            Elements statistics,
            Elements index) {
        public Operands {
            moments = List.copyOf(moments);
        }

        /** Gives names to operands that come in order. */
        public static Operands of(List<? extends Elements> operands) {
            int end = operands.size();
            return new Operands(
                    operands.get(0),
                    operands.get(1),
                    List.copyOf(operands.subList(2, end - 3)),
                    operands.get(end - 3),
                    operands.get(end - 2),
                    operands.get(end - 1));
        }

        double control(Control slot) {
            return control.get(slot.slot());
        }

        boolean skips() {
            return control(Control.FOUND_INF) != 0;
        }

        void report(double squaredUpdate, double addedWeight) {
            statistics.set(OptimizerUpdate.Column.SQUARED_UPDATE.index(), squaredUpdate);
            int weight = OptimizerUpdate.Column.SQUARED_WEIGHT.index();
            statistics.set(weight, statistics.get(weight) + addedWeight);
        }
    }

    /** The whole operation, element by element. */
    public void apply(Operands on, int rows, int capacity, int width) {
        Slots slots = new Slots(capacity);
        double squaredUpdate = 0;
        double addedWeight = 0;
        if (!on.skips()) {
            ElementRule elements = rule.rule();
            elements.begin(on.control(Control.LEARNING_RATE), on.control(Control.STEP_COUNT));
            double factor = on.control(Control.GRADIENT_FACTOR);
            double[] moments = new double[rule.moments()];
            int touched = Slots.inUse(on.index());
            for (int i = 0; i < (everyRow ? rows : touched); i++) {
                int row = everyRow ? i : Slots.row(on.index(), i);
                int slot = everyRow ? slots.find(on.index(), row) : i;
                for (int column = 0; column < width; column++) {
                    long at = (long) row * width + column;
                    double gradient = slot < 0 ? 0 : on.gradients().get((long) slot * width + column) * factor;
                    double before = on.table().get(at);
                    update(elements, on, at, gradient, moments);
                    double after = on.table().get(at);
                    squaredUpdate += (after - before) * (after - before);
                    addedWeight += after * after - before * before;
                }
            }
        }
        on.report(squaredUpdate, addedWeight);
        clear(slots, on, width);
    }

    private static void update(ElementRule rule, Operands on, long at, double gradient, double[] moments) {
        for (int i = 0; i < moments.length; i++) {
            moments[i] = on.moments().get(i).get(at);
        }
        on.table().set(at, rule.update(on.table().get(at), gradient, moments));
        for (int i = 0; i < moments.length; i++) {
            on.moments().get(i).set(at, moments[i]);
        }
    }

    private static void clear(Slots slots, Operands on, int width) {
        long end = (long) Slots.inUse(on.index()) * width;
        for (long i = 0; i < end; i++) {
            on.gradients().set(i, 0);
        }
        slots.clear(on.index());
    }

    public static List<Sample> samples() {
        ElementwiseUpdate sgd = new SgdUpdate(0, 0, false, 0, Segments.of());
        ElementwiseUpdate momentum = new SgdUpdate(0.9, 0, true, 0.1, Segments.of());
        ElementwiseUpdate adam = new AdamUpdate(0.9, 0.999, 1e-8, 0.1, true, Segments.of());
        return List.of(
                sample(new TableUpdate(sgd, false), ControlSample.block(), 9, 4, 5, 3, 0),
                sample(new TableUpdate(momentum, true), ControlSample.block(), 90, 16, 17, 88, 3, 64, 5),
                sample(new TableUpdate(adam, false), ControlSample.block(), 90, 16, 17, 88, 3, 64, 5),
                sample(new TableUpdate(adam, true), ControlSample.block(), 90, 16, 0, 89),
                sample(new TableUpdate(adam, true), ControlSample.block(), 5, 3),
                sample(new TableUpdate(adam, false), ControlSample.block(), 5, 1100, 3, 1),
                sample(new TableUpdate(adam, true), ControlSample.block(), 5, 1100, 3, 1),
                sample(new TableUpdate(adam, false), ControlSample.with(Control.FOUND_INF, 1), 9, 5, 3, 0));
    }

    private static Sample sample(TableUpdate op, Literal control, int rows, int width, int... touched) {
        int capacity = touched.length + 2;
        List<Literal> inputs = new ArrayList<>();
        inputs.add(Literal.wave(rows, width));
        inputs.add(TableSample.gradients(capacity, width, touched));
        for (int i = 0; i < op.rule().moments(); i++) {
            inputs.add(Literal.positive(rows, width));
        }
        inputs.add(control);
        inputs.add(new Literal(OptimizerUpdate.block(1), 0, squared(Literal.wave(rows, width))));
        inputs.add(TableSample.index(capacity, touched));
        return new Sample(op, inputs, false);
    }

    private static double squared(Literal values) {
        double sum = 0;
        for (double value : values.values()) {
            sum += value * value;
        }
        return sum;
    }
}
