package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.gradstream.autodiff.device.Reading;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.OptimizerUpdate;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What one step came to, on its way from the device: asked for when the step is taken, read when somebody has waited for it. */
final class StepFigures {
    private static final long ALIGNMENT = 64;

    private final MemorySegment control;
    private final MemorySegment health;
    private final MemorySegment clippedHealth;
    private final MemorySegment statistics;
    private final MemorySegment firstHealth;
    private final int parameters;
    private final boolean clipsEach;
    private final HostCopy step;
    private final HostCopy first;
    private boolean measuresFirst;
    private double firstWeight;
    private long rows;

    /**
     * @param parameters how many are trained
     * @param clip how gradients are clipped
     */
    StepFigures(int parameters, Clip clip, Arena arena) {
        this.parameters = parameters;
        clipsEach = StepPlan.clipsEach(clip);
        control = arena.allocate(Control.block().shape().size() * Double.BYTES, ALIGNMENT);
        health = arena.allocate((long) parameters * GradientHealth.COLUMNS * Double.BYTES, ALIGNMENT);
        clippedHealth = arena.allocate(health.byteSize(), ALIGNMENT);
        firstHealth = arena.allocate(health.byteSize(), ALIGNMENT);
        statistics = arena.allocate((long) parameters * OptimizerUpdate.COLUMNS * Double.BYTES, ALIGNMENT);
        step = clipsEach
                ? new HostCopy(control, health, statistics, clippedHealth)
                : new HostCopy(control, health, statistics);
        first = new HostCopy(firstHealth);
    }

    /** Nothing is known of the step that begins. */
    void begin() {
        measuresFirst = false;
    }

    /** Asks for the gradients' norms after the step's first micro-batch. */
    void fetchFirst(Reading norms, double weight) {
        first.begin(norms);
        measuresFirst = true;
        firstWeight = weight;
    }

    /** Has the trend know of the first micro-batch, if it was measured, given the loss scale. */
    void tellFirst(Trend trend, double divisor, double lossScale) {
        if (measuresFirst) {
            first.await();
            double unscale = divisor / (firstWeight * lossScale);
            trend.firstMicroBatch(sumOfSquares(firstHealth) * unscale * unscale, firstWeight);
            measuresFirst = false;
        }
    }

    /** Asks for what a step that was just taken came to. */
    void fetch(Reading figures, long stepRows) {
        step.begin(figures);
        rows = stepRows;
    }

    /** Waits until they are there. */
    void await() {
        step.await();
    }

    /** The control block as the step left it. */
    MemorySegment control() {
        return control;
    }

    double control(Control slot) {
        return control.getAtIndex(JAVA_DOUBLE, slot.slot());
    }

    /**
     * Writes the report and has the trend know of the step.
     *
     * @param places for each layer of the report the place of its parameter among the trained ones
     */
    void fill(StepReport report, int[] places, Trend trend) {
        double unscale = control(Control.UNSCALE);
        report.step = (long) (control(Control.STEP_COUNT) + control(Control.SKIPPED_STEPS));
        report.skippedSteps = (long) control(Control.SKIPPED_STEPS);
        report.loss = control(Control.STEP_LOSS);
        report.weight = control(Control.STEP_WEIGHT);
        report.rows = rows;
        report.lossScale = control(Control.STEP_SCALE);
        report.overflow = control(Control.FOUND_INF) != 0;
        report.gradientNorm = Math.sqrt(control(Control.SQUARED_NORM));
        report.clippedNorm = clipsEach
                ? Math.sqrt(unscale * unscale * sumOfSquares(clippedHealth))
                : report.gradientNorm * control(Control.CLIP_COEFFICIENT);
        report.clipped = !report.overflow && report.clippedNorm < report.gradientNorm;
        for (int i = 0; i < places.length; i++) {
            fill(report.layers().get(i), places[i], unscale);
        }
        trend.step(report);
    }

    private void fill(LayerReport layer, int parameter, double unscale) {
        double squaredUpdate = statistic(parameter, OptimizerUpdate.Column.SQUARED_UPDATE);
        double squaredWeight = statistic(parameter, OptimizerUpdate.Column.SQUARED_WEIGHT);
        layer.gradientNorm = Math.sqrt(squaredNorm(health, parameter)) * unscale;
        layer.weightNorm = Math.sqrt(squaredWeight);
        layer.updateRatio = squaredUpdate == 0 ? 0 : Math.sqrt(squaredUpdate / squaredWeight);
    }

    private double statistic(int parameter, OptimizerUpdate.Column column) {
        return statistics.getAtIndex(JAVA_DOUBLE, (long) parameter * OptimizerUpdate.COLUMNS + column.index());
    }

    private double sumOfSquares(MemorySegment of) {
        double sum = 0;
        for (int i = 0; i < parameters; i++) {
            sum += squaredNorm(of, i);
        }
        return sum;
    }

    private static double squaredNorm(MemorySegment of, int parameter) {
        return of.getAtIndex(
                JAVA_DOUBLE, (long) parameter * GradientHealth.COLUMNS + GradientHealth.Column.SQUARED_NORM.index());
    }
}
