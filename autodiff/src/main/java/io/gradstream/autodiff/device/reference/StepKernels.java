package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.Accumulate;
import io.gradstream.autodiff.op.AccumulateRows;
import io.gradstream.autodiff.op.AddNoise;
import io.gradstream.autodiff.op.AddProduct;
import io.gradstream.autodiff.op.AddRowNoise;
import io.gradstream.autodiff.op.AverageWeights;
import io.gradstream.autodiff.op.CloseRows;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.Fill;
import io.gradstream.autodiff.op.GradientHealth;
import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.RowByRow;
import io.gradstream.autodiff.op.ScaleAndClip;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.TableUpdate;
import io.gradstream.autodiff.op.TallyLoss;
import io.gradstream.autodiff.op.UpdateAndClear;
import java.util.List;

/** The operations of a training step on flat blocks and on the control block. */
final class StepKernels {

    private StepKernels() {}

    static Runnable prepare(InPlace op, List<Array> operands) {
        Array target = operands.get(0);
        return switch (op) {
            case Fill fill -> fill(fill.value(), target);
            case Accumulate ignored -> accumulate(target, operands.get(1));
            case AddProduct product -> ContractionKernels.addProduct(product, operands);
            case TallyLoss ignored -> tallyLoss(target, operands.get(1), operands.get(2));
            case RowByRow rows -> RowArrays.prepare(rows, operands);
            case CloseRows rows -> () -> rows.apply(operands);
            case ScaleAndClip scaleAndClip -> scaleAndClip(scaleAndClip, target, operands.get(1));
            case AccumulateRows ignored -> TableKernels.accumulate(operands);
            case TableUpdate update -> TableKernels.update(update, operands);
            case OptimizerUpdate update -> update.walk(operands);
            case UpdateAndClear(ElementwiseUpdate update) -> {
                Runnable walk = update.walk(operands);
                Runnable clear = fill(0, operands.get(1));
                yield () -> {
                    walk.run();
                    clear.run();
                };
            }
            case AddNoise noise -> noise.walk(operands);
            case AddRowNoise noise -> noise.walk(operands, target.shape().dim(1));
            case AverageWeights average -> average.walk(operands, target.size());
        };
    }

    static Runnable gradientHealth(GradientHealth op, Array gradients, Array health) {
        return () -> {
            for (int row = 0; row < op.segments().count(); row++) {
                Segment segment = op.segments().list().get(row);
                double sum = 0;
                for (int i = (int) segment.offset(); i < segment.end(); i++) {
                    sum += gradients.get(i) * gradients.get(i);
                }
                health.set(row * GradientHealth.COLUMNS + GradientHealth.Column.SQUARED_NORM.index(), sum);
                health.set(
                        row * GradientHealth.COLUMNS + GradientHealth.Column.NON_FINITE.index(),
                        Double.isFinite(sum) ? 0 : 1);
            }
        };
    }

    private static Runnable fill(double value, Array target) {
        return () -> {
            for (int i = 0; i < target.size(); i++) {
                target.set(i, value);
            }
        };
    }

    private static Runnable accumulate(Array target, Array source) {
        return () -> {
            for (int i = 0; i < target.size(); i++) {
                target.set(i, target.get(i) + source.get(i));
            }
        };
    }

    private static Runnable tallyLoss(Array control, Array losses, Array weights) {
        return () -> {
            double loss = control.get(Control.TOTAL_LOSS.slot());
            double weight = control.get(Control.TOTAL_WEIGHT.slot());
            for (int row = 0; row < losses.size(); row++) {
                if (weights.get(row) != 0) {
                    loss += weights.get(row) * losses.get(row);
                    weight += weights.get(row);
                }
            }
            control.set(Control.TOTAL_LOSS.slot(), loss);
            control.set(Control.TOTAL_WEIGHT.slot(), weight);
            control.set(Control.MICRO_BATCHES.slot(), control.get(Control.MICRO_BATCHES.slot()) + 1);
        };
    }

    private static Runnable scaleAndClip(ScaleAndClip op, Array control, Array health) {
        double[] slots = new double[control.size()];
        double[] rows = new double[health.size()];
        return () -> {
            control.copyTo(slots);
            health.copyTo(rows);
            op.apply(slots, rows);
            for (int i = 0; i < slots.length; i++) {
                control.set(i, slots[i]);
            }
        };
    }
}
