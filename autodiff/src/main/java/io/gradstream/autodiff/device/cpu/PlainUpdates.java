package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.AdamUpdate;
import io.gradstream.autodiff.op.CloseRows;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.ScaleAndClip;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import io.gradstream.autodiff.op.SgdUpdate;
import java.util.List;

/** The kernels of the training step in plain Java, element by element in double. */
final class PlainUpdates {
    private PlainUpdates() {}

    static PreparedCall accumulate(Operand target, Operand source) {
        int count = target.size();
        return () -> {
            for (int i = 0; i < count; i++) {
                target.set(i, target.get(i) + source.get(i));
            }
        };
    }

    static PreparedCall fill(double value, Operand target) {
        int count = target.size();
        if (value == 0) {
            return () -> target.data().fill((byte) 0);
        }
        return () -> {
            for (int i = 0; i < count; i++) {
                target.set(i, value);
            }
        };
    }

    static PreparedCall tallyLoss(Operand control, Operand losses, Operand weights) {
        int rows = losses.size();
        return () -> {
            double loss = 0;
            double weight = 0;
            for (int row = 0; row < rows; row++) {
                double rowWeight = weights.get(row);
                if (rowWeight != 0) {
                    loss += rowWeight * losses.get(row);
                    weight += rowWeight;
                }
            }
            control.set(Control.TOTAL_LOSS.slot(), control.get(Control.TOTAL_LOSS.slot()) + loss);
            control.set(Control.TOTAL_WEIGHT.slot(), control.get(Control.TOTAL_WEIGHT.slot()) + weight);
        };
    }

    static PreparedCall scaleAndClip(ScaleAndClip op, Operand control, Operand health) {
        double[] controlValues = new double[control.size()];
        double[] healthValues = new double[health.size()];
        return () -> {
            copy(control, controlValues);
            copy(health, healthValues);
            op.apply(controlValues, healthValues);
            for (int i = 0; i < controlValues.length; i++) {
                control.set(i, controlValues[i]);
            }
        };
    }

    static PreparedCall closeRows(CloseRows op, List<Operand> operands) {
        double[][] written = new double[4][];
        for (int i = 0; i < written.length; i++) {
            written[i] = new double[operands.get(i).size()];
        }
        Operand parameters = operands.get(4);
        Segments segments = op.segments();
        return () -> {
            for (int i = 0; i < written.length; i++) {
                copy(operands.get(i), written[i]);
            }
            op.apply(written[0], written[1], written[2], written[3]);
            for (int row = 0; row < segments.count(); row++) {
                written[3][row * OptimizerUpdate.COLUMNS + OptimizerUpdate.Column.SQUARED_WEIGHT.index()] =
                        sumOfSquares(parameters, segments.list().get(row));
            }
            for (int i = 0; i < written.length; i++) {
                copy(written[i], operands.get(i));
            }
        };
    }

    private static void copy(double[] from, Operand to) {
        for (int i = 0; i < from.length; i++) {
            to.set(i, from[i]);
        }
    }

    private static void copy(Operand from, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = from.get(i);
        }
    }

    static PreparedCall gradientHealth(Segments segments, Operand gradients, Operand health) {
        return () -> {
            for (int row = 0; row < segments.count(); row++) {
                report(health, row, sumOfSquares(gradients, segments.list().get(row)));
            }
        };
    }

    /** Writes one segment's health: a sum of squares in double is finite exactly when what it sums is. */
    static void report(Operand health, int row, double squaredNorm) {
        int at = row * GradientHealth.COLUMNS;
        health.set(at + GradientHealth.Column.SQUARED_NORM.index(), squaredNorm);
        health.set(at + GradientHealth.Column.NON_FINITE.index(), Double.isFinite(squaredNorm) ? 0 : 1);
    }

    private static double sumOfSquares(Operand block, Segment segment) {
        double sum = 0;
        for (long i = segment.offset(); i < segment.end(); i++) {
            sum += block.get(i) * block.get(i);
        }
        return sum;
    }

    static PreparedCall sgd(SgdUpdate op, Optimizer operands) {
        Optimizer.Element element = new SgdElement(op, operands);
        return () -> operands.forEachElement(op.segments(), element);
    }

    static PreparedCall adam(AdamUpdate op, Optimizer operands) {
        Optimizer.Element element = new AdamElement(op, operands);
        return () -> operands.forEachElement(op.segments(), element);
    }

    private static final class SgdElement implements Optimizer.Element {
        private final SgdUpdate op;
        private final Optimizer operands;
        private double factor;
        private double rate;
        private boolean first;

        SgdElement(SgdUpdate op, Optimizer operands) {
            this.op = op;
            this.operands = operands;
        }

        @Override
        public void prepare(Operand control) {
            factor = control.get(Control.GRADIENT_FACTOR.slot());
            rate = control.get(Control.LEARNING_RATE.slot());
            first = control.get(Control.STEP_COUNT.slot()) == 1;
        }

        @Override
        public double update(long index) {
            double p = operands.parameters().get(index);
            double g = operands.gradients().get(index) * factor + op.weightDecay() * p;
            if (op.momentum() != 0) {
                Operand momentum = operands.moments().getFirst();
                double b = first ? g : op.momentum() * momentum.get(index) + (1 - op.dampening()) * g;
                b = Math.abs(b) < OptimizerUpdate.FIRST_MOMENT_FLUSH ? 0 : b;
                momentum.set(index, b);
                g = op.nesterov() ? g + op.momentum() * b : b;
            }
            return p - rate * g;
        }
    }

    private static final class AdamElement implements Optimizer.Element {
        private final AdamUpdate op;
        private final Optimizer operands;
        private final Operand first;
        private final Operand second;
        private double factor;
        private double rate;
        private double stepSize;
        private double correction;

        AdamElement(AdamUpdate op, Optimizer operands) {
            this.op = op;
            this.operands = operands;
            first = operands.moments().get(0);
            second = operands.moments().get(1);
        }

        @Override
        public void prepare(Operand control) {
            factor = control.get(Control.GRADIENT_FACTOR.slot());
            rate = control.get(Control.LEARNING_RATE.slot());
            double steps = control.get(Control.STEP_COUNT.slot());
            stepSize = rate / (1 - Math.pow(op.beta1(), steps));
            correction = Math.sqrt(1 - Math.pow(op.beta2(), steps));
        }

        @Override
        public double update(long index) {
            double p = operands.parameters().get(index);
            double g = operands.gradients().get(index) * factor;
            if (op.decoupled()) {
                p *= 1 - rate * op.weightDecay();
            } else {
                g += op.weightDecay() * p;
            }
            double m = first.get(index) + (g - first.get(index)) * (1 - op.beta1());
            m = Math.abs(m) < OptimizerUpdate.FIRST_MOMENT_FLUSH ? 0 : m;
            double v = second.get(index) * op.beta2() + (1 - op.beta2()) * g * g;
            v = v < OptimizerUpdate.SECOND_MOMENT_FLUSH ? 0 : v;
            first.set(index, m);
            second.set(index, v);
            return p - stepSize * m / (Math.sqrt(v) / correction + op.epsilon());
        }
    }
}
