package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.ScaleAndClip;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;

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
            control.set(Control.MICRO_BATCHES.slot(), control.get(Control.MICRO_BATCHES.slot()) + 1);
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
}
