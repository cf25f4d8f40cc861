package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.List;

/**
 * Closes a step that was made row by row: writes what {@link RowByRow} has summed into the control block, the {@link GradientHealth}
 * and the update statistics of an {@link OptimizerUpdate}, and begins anew. Norms are root mean squares over the rows:
 *
 * <pre>
 * STEP_WEIGHT = TOTAL_WEIGHT    STEP_LOSS = TOTAL_LOSS / TOTAL_WEIGHT    STEP_SCALE = 1    STEP_COUNT += 1
 * UNSCALE = 1 / √TOTAL_WEIGHT   SQUARED_NORM = Σ GRADIENT / TOTAL_WEIGHT
 * CLIP_COEFFICIENT = √(Σ CLIPPED / Σ GRADIENT)    FOUND_INF = 1 if a row was refused, else 0
 * health[p] = GRADIENT of p, 0    statistics[p] = UPDATE of p, Σ p²
 * </pre>
 *
 * <p>Operands: control block, sums, health and statistics, which are all written, and the flat block of parameters.
 *
 * @param order for each segment of the block the row of the sums that belongs to it
 */
public record CloseRows(Segments segments, List<Integer> order) implements InPlace {

    public CloseRows {
        order = List.copyOf(order);
        if (order.size() != segments.count()) {
            throw new IllegalArgumentException(
                    "every parameter must have its sums: segments=" + segments.count() + " order=" + order);
        }
    }

    @Override
    public List<Integer> overwrites() {
        return List.of(0, 1, 2, 3);
    }

    @Override
    public TensorType type(List<TensorType> operands) {
        Rules.arity(this, operands, 5);
        Rules.type(this, "control block", operands.get(0), Control.block());
        Rules.type(this, "sums", operands.get(1), RowByRow.sums(order.size()));
        Rules.type(this, "health", operands.get(2), GradientHealth.block(order.size()));
        Rules.type(this, "update statistics", operands.get(3), OptimizerUpdate.block(order.size()));
        segments.within(this, operands.get(4));
        return Control.block();
    }

    /** The whole operation, on any host's memory. */
    public void apply(List<? extends Elements> operands) {
        Elements control = operands.get(0);
        double gradient = 0;
        double clipped = 0;
        double refused = 0;
        for (int segment = 0; segment < order.size(); segment++) {
            gradient += sum(operands, segment, RowByRow.Sum.GRADIENT);
            clipped += sum(operands, segment, RowByRow.Sum.CLIPPED);
            refused += sum(operands, segment, RowByRow.Sum.REFUSED);
            report(operands, segment);
        }
        double weight = control.get(Control.TOTAL_WEIGHT.slot());
        control.set(Control.STEP_WEIGHT.slot(), weight);
        control.set(Control.STEP_LOSS.slot(), control.get(Control.TOTAL_LOSS.slot()) / weight);
        control.set(Control.STEP_SCALE.slot(), 1);
        control.set(Control.STEP_COUNT.slot(), control.get(Control.STEP_COUNT.slot()) + 1);
        control.set(Control.TOTAL_WEIGHT.slot(), 0);
        control.set(Control.TOTAL_LOSS.slot(), 0);
        control.set(Control.UNSCALE.slot(), 1 / Math.sqrt(weight));
        control.set(Control.SQUARED_NORM.slot(), gradient / weight);
        control.set(Control.CLIP_COEFFICIENT.slot(), gradient == 0 ? 1 : Math.sqrt(clipped / gradient));
        control.set(Control.FOUND_INF.slot(), refused == 0 ? 0 : 1);
    }

    /** Writes one parameter's figures and sets its sums to 0. */
    private void report(List<? extends Elements> operands, int segment) {
        Elements health = operands.get(2);
        Elements statistics = operands.get(3);
        int ofHealth = segment * GradientHealth.COLUMNS;
        int ofStatistics = segment * OptimizerUpdate.COLUMNS;
        health.set(
                ofHealth + GradientHealth.Column.SQUARED_NORM.index(), sum(operands, segment, RowByRow.Sum.GRADIENT));
        health.set(ofHealth + GradientHealth.Column.NON_FINITE.index(), 0);
        statistics.set(
                ofStatistics + OptimizerUpdate.Column.SQUARED_UPDATE.index(),
                sum(operands, segment, RowByRow.Sum.UPDATE));
        statistics.set(
                ofStatistics + OptimizerUpdate.Column.SQUARED_WEIGHT.index(),
                squaredWeight(operands.get(4), segments.list().get(segment)));
        for (int column = 0; column < RowByRow.Sum.COUNT; column++) {
            operands.get(1).set((long) order.get(segment) * RowByRow.Sum.COUNT + column, 0);
        }
    }

    private double sum(List<? extends Elements> operands, int segment, RowByRow.Sum sum) {
        return operands.get(1).get((long) order.get(segment) * RowByRow.Sum.COUNT + sum.index());
    }

    private static double squaredWeight(Elements parameters, Segment segment) {
        double sum = 0;
        for (long i = segment.offset(); i < segment.end(); i++) {
            sum += parameters.get(i) * parameters.get(i);
        }
        return sum;
    }

    public static List<Sample> samples() {
        Segments segments = Segments.of(new Segment(0, 207), new Segment(208, 13));
        double[] sums = {9, 4, 0.5, 0, 16, 2, 0.25, 1};
        return List.of(Sample.of(
                new CloseRows(segments, List.of(1, 0)),
                ControlSample.block(),
                new Literal(RowByRow.sums(2), sums),
                new Literal(GradientHealth.block(2), new double[2 * GradientHealth.COLUMNS]),
                new Literal(OptimizerUpdate.block(2), new double[2 * OptimizerUpdate.COLUMNS]),
                ControlSample.padded(Literal.wave(224), segments, p -> p)));
    }
}
