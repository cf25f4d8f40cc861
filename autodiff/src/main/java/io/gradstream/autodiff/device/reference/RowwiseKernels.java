package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.LogSoftmax;
import io.gradstream.autodiff.op.OneHot;
import io.gradstream.autodiff.op.Rowwise;
import io.gradstream.autodiff.op.Softmax;
import io.gradstream.autodiff.op.SoftmaxCrossEntropy;
import java.util.List;

/** Functions of whole rows. */
final class RowwiseKernels {

    private RowwiseKernels() {}

    static Runnable prepare(Rowwise op, List<Array> inputs, Array y) {
        Array x = inputs.get(0);
        return switch (op) {
            case Softmax ignored -> logSoftmax(x, y, true);
            case LogSoftmax ignored -> logSoftmax(x, y, false);
            case SoftmaxCrossEntropy ignored -> softmaxCrossEntropy(x, inputs.get(1), y);
            case OneHot oneHot -> oneHot(oneHot.classes(), x, y);
        };
    }

    private static Runnable logSoftmax(Array x, Array y, boolean exponentiate) {
        int columns = x.dim(-1);
        return () -> {
            for (int row = 0; row < x.size(); row += columns) {
                double normalizer = logSumExp(x, row, columns);
                for (int i = row; i < row + columns; i++) {
                    double log = x.get(i) - normalizer;
                    y.set(i, exponentiate ? Math.exp(log) : log);
                }
            }
        };
    }

    private static Runnable softmaxCrossEntropy(Array logits, Array classes, Array losses) {
        int columns = logits.dim(1);
        return () -> {
            for (int row = 0; row < losses.size(); row++) {
                int truth = row * columns + (int) classes.get(row);
                losses.set(row, logSumExp(logits, row * columns, columns) - logits.get(truth));
            }
        };
    }

    private static Runnable oneHot(int columns, Array classes, Array y) {
        return () -> {
            for (int row = 0; row < classes.size(); row++) {
                for (int column = 0; column < columns; column++) {
                    y.set(row * columns + column, column == (int) classes.get(row) ? 1 : 0);
                }
            }
        };
    }

    private static double logSumExp(Array x, int from, int columns) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + columns; i++) {
            largest = Math.max(largest, x.get(i));
        }
        double sum = 0;
        for (int i = from; i < from + columns; i++) {
            sum += Math.exp(x.get(i) - largest);
        }
        return largest + Math.log(sum);
    }
}
