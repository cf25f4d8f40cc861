package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.nn.Loss;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks on while a step trains and says, when the loss does not fall, which of the usual reasons are there: a learning rate that is too small
 * or too large, units that are dead or saturated, parameters that nothing reaches, gradients that are always clipped, labels or
 * inputs that cannot be learned from.
 *
 * <p>Show it every micro-batch and every report; after some dozens of steps ask for {@link #causes}.
 */
public final class LearningWatch {
    /** Update ratios around a thousandth are healthy; what lies beyond these learns nothing or forgets everything. */
    private static final double SMALL_RATIO = 1e-5;

    private static final double LARGE_RATIO = 0.1;
    private static final double MOST = 0.5;
    private static final double ALMOST_ALWAYS = 0.95;
    private static final double LARGE_INPUT = 100;
    private static final double FALL = 0.99;

    /** Without a single positive among so many rows, fewer than three in a thousand are positive (at 95 %). */
    private static final int ENOUGH_ROWS = 1000;

    private final TrainingStep step;
    private final Spread labels = new Spread();
    private final List<Spread> inputs = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();
    private final Map<String, double[]> layers = new LinkedHashMap<>();
    private double clipped;
    private double skipped;

    public LearningWatch(TrainingStep step) {
        this.step = step;
        step.spec().model().numerics().forEach(_ -> inputs.add(new Spread()));
    }

    /** A usual reason why a loss does not fall. */
    public enum Reason {
        LEARNING_RATE_TOO_SMALL("the learning rate is too small for the weights to move"),
        LEARNING_RATE_TOO_LARGE("the learning rate is so large that steps undo each other"),
        DEAD_UNITS("most units of an activation give 0 for every row and learn nothing"),
        SATURATED_UNITS("most outputs of an activation are where it has no slope"),
        UNREACHED_PARAMETER("a parameter has never had a gradient, or is frozen"),
        ALWAYS_CLIPPED("the gradient is clipped in almost every step, so that its bound sets the learning rate"),
        CONSTANT_LABELS("all labels are the same"),
        UNEXPLAINED_LABELS("the loss is that of a constant: labels may be shuffled, or inputs say nothing about them"),
        UNSCALED_INPUTS("inputs are large or of very different sizes: scale them");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** A reason with the facts that speak for it. */
    public record Cause(Reason reason, String facts) {
        @Override
        public String toString() {
            return reason.text() + ": " + facts;
        }
    }

    /** Looks at the rows that are to be learned from. */
    public void observe(MicroBatch batch) {
        int width = inputs.size();
        for (int row = 0; row < batch.rows(); row++) {
            for (int column = 0; column < width; column++) {
                inputs.get(column).add(batch.dense().getAtIndex(JAVA_FLOAT, (long) row * width + column));
            }
            DType dtype = step.spec().loss().labels();
            labels.add(dtype.get(batch.label(), row));
        }
    }

    /** Whether the rows seen say something about labels: fewer of them may be alike by chance. */
    public boolean hasSeenEnoughRows() {
        return labels.count() >= ENOUGH_ROWS;
    }

    /** Looks at what a step did; of one that was skipped only that it was, for its loss and its norms may be anything. */
    public void observe(StepReport report) {
        if (report.overflow()) {
            skipped++;
            return;
        }
        losses.add(report.loss());
        clipped += report.clipped() ? 1 : 0;
        for (LayerReport layer : report.layers()) {
            double[] sums = layers.computeIfAbsent(layer.name(), _ -> new double[2]);
            sums[0] += layer.gradientNorm();
            sums[1] += layer.updateRatio();
        }
    }

    /** Whether the loss of the last third of the steps lies at least a hundredth below that of the first third, and of the first step. */
    public boolean isFalling() {
        if (losses.isEmpty()) {
            return false;
        }
        double before = Math.min(losses.getFirst(), mean(losses.subList(0, third())));
        return lastLoss() < FALL * before;
    }

    /** The mean loss of the last third of the steps. */
    private double lastLoss() {
        return mean(losses.subList(losses.size() - third(), losses.size()));
    }

    private int third() {
        return Math.min(losses.size(), Math.max(1, losses.size() / 3));
    }

    /** What speaks against learning, with a micro-batch to look at the units with; nothing while the loss is falling. */
    public List<Cause> causes(MicroBatch batch) {
        if (losses.isEmpty() && skipped == 0) {
            throw new IllegalStateException("a watch must have seen steps: steps=0");
        }
        List<Cause> causes = new ArrayList<>();
        if (!isFalling()) {
            rate(causes);
            units(causes, batch);
            parameters(causes);
            clipping(causes);
            labels(causes);
            scales(causes);
        }
        return List.copyOf(causes);
    }

    private void rate(List<Cause> causes) {
        double largest = layers.values().stream()
                .mapToDouble(sums -> sums[1] / losses.size())
                .max()
                .orElse(0);
        if (largest > LARGE_RATIO || skipped > MOST * (losses.size() + skipped)) {
            causes.add(new Cause(
                    Reason.LEARNING_RATE_TOO_LARGE,
                    "largest update ratio=" + largest + " last loss=" + lastLoss() + " skipped=" + skipped));
        } else if (largest < SMALL_RATIO) {
            causes.add(new Cause(Reason.LEARNING_RATE_TOO_SMALL, "largest update ratio=" + largest));
        }
    }

    private void units(List<Cause> causes, MicroBatch batch) {
        for (UnitActivity units : step.activity(batch)) {
            if (units.dead() > MOST) {
                causes.add(new Cause(Reason.DEAD_UNITS, units.describe() + " dead=" + units.dead()));
            }
            if (units.saturated() > MOST) {
                causes.add(new Cause(Reason.SATURATED_UNITS, units.describe() + " saturated=" + units.saturated()));
            }
        }
    }

    private void parameters(List<Cause> causes) {
        layers.forEach((name, sums) -> {
            if (sums[0] == 0) {
                causes.add(new Cause(Reason.UNREACHED_PARAMETER, "parameter=" + name + " gradient=0"));
            }
        });
        step.parameters().stream()
                .map(ParameterView::name)
                .filter(name -> UpdateGroup.find(step.spec().groups(), name)
                        .filter(ParameterGroup::frozen)
                        .isPresent())
                .forEach(name -> causes.add(
                        new Cause(Reason.UNREACHED_PARAMETER, "parameter=" + name + " frozen by its group")));
    }

    private void clipping(List<Cause> causes) {
        double share = clipped / losses.size();
        if (share > ALMOST_ALWAYS) {
            causes.add(new Cause(
                    Reason.ALWAYS_CLIPPED,
                    "clipped share=" + share + " clip=" + step.spec().clip()));
        }
    }

    private void labels(List<Cause> causes) {
        if (!hasSeenEnoughRows()) {
            return;
        }
        String rows = " rows=" + labels.count();
        double constant = lossOfAConstant();
        if (labels.deviation() == 0) {
            causes.add(new Cause(Reason.CONSTANT_LABELS, "label=" + labels.mean() + rows));
        } else if (lastLoss() > FALL * constant) {
            causes.add(
                    new Cause(Reason.UNEXPLAINED_LABELS, "loss=" + lastLoss() + " of a constant=" + constant + rows));
        }
    }

    private void scales(List<Cause> causes) {
        double largest = inputs.stream()
                .mapToDouble(input -> Math.abs(input.mean()) + input.deviation())
                .max()
                .orElse(0);
        if (largest > LARGE_INPUT) {
            causes.add(new Cause(Reason.UNSCALED_INPUTS, "largest mean and deviation of a column=" + largest));
        }
    }

    /** The least loss that does not look at inputs; NaN where it is not worked out here, and then compares with nothing. */
    private double lossOfAConstant() {
        if (step.spec().loss().equals(Loss.MSE)) {
            return labels.deviation() * labels.deviation();
        }
        if (step.spec().loss().equals(Loss.BINARY_CROSS_ENTROPY)) {
            double p = labels.mean();
            return -(p * Math.log(p) + (1 - p) * Math.log(1 - p));
        }
        return Double.NaN;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).average().orElse(Double.NaN);
    }

    /** Mean and deviation of numbers that come one after the other (Welford). */
    private static final class Spread {
        private long count;
        private double mean;
        private double squares;

        void add(double value) {
            count++;
            double distance = value - mean;
            mean += distance / count;
            squares += distance * (value - mean);
        }

        long count() {
            return count;
        }

        double mean() {
            return mean;
        }

        double deviation() {
            return Math.sqrt(squares / count);
        }
    }
}
