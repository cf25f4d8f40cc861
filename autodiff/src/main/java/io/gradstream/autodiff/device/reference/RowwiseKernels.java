package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.Deflate;
import io.gradstream.autodiff.op.InverseDeviation;
import io.gradstream.autodiff.op.LogSoftmax;
import io.gradstream.autodiff.op.OneHot;
import io.gradstream.autodiff.op.Rowwise;
import io.gradstream.autodiff.op.Softmax;
import io.gradstream.autodiff.op.SoftmaxCrossEntropy;
import io.gradstream.autodiff.op.Standardize;
import io.gradstream.autodiff.op.Visibility;
import java.util.List;

/** Functions of whole rows. */
final class RowwiseKernels {

    private RowwiseKernels() {}

    static Runnable prepare(Rowwise op, List<Array> inputs, Array y) {
        Array x = inputs.isEmpty() ? y : inputs.get(0);
        return switch (op) {
            case Softmax ignored -> logSoftmax(x, y, true);
            case LogSoftmax ignored -> logSoftmax(x, y, false);
            case SoftmaxCrossEntropy ignored -> softmaxCrossEntropy(x, inputs.get(1), y);
            case Standardize(boolean centered, double epsilon) -> standardize(centered, epsilon, x, y);
            case InverseDeviation(boolean centered, double epsilon) -> inverseDeviation(centered, epsilon, x, y);
            case Deflate(boolean centered) -> deflate(centered, x, inputs.get(1), y);
            case Visibility visibility -> visibility(visibility, inputs, y);
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

    private static Runnable standardize(boolean centered, double epsilon, Array x, Array y) {
        int columns = x.dim(-1);
        return () -> {
            for (int row = 0; row < x.size(); row += columns) {
                double mean = centered ? mean(x, row, columns) : 0;
                double scale = inverseDeviation(x, row, columns, mean, epsilon);
                for (int i = row; i < row + columns; i++) {
                    y.set(i, (x.get(i) - mean) * scale);
                }
            }
        };
    }

    private static Runnable inverseDeviation(boolean centered, double epsilon, Array x, Array y) {
        int columns = x.dim(-1);
        return () -> {
            for (int row = 0; row < y.size(); row++) {
                int from = row * columns;
                double mean = centered ? mean(x, from, columns) : 0;
                y.set(row, inverseDeviation(x, from, columns, mean, epsilon));
            }
        };
    }

    private static Runnable deflate(boolean centered, Array y, Array v, Array out) {
        int columns = y.dim(-1);
        return () -> {
            for (int row = 0; row < y.size(); row += columns) {
                double mean = centered ? mean(v, row, columns) : 0;
                double along = 0;
                for (int i = row; i < row + columns; i++) {
                    along += y.get(i) * v.get(i) / columns;
                }
                for (int i = row; i < row + columns; i++) {
                    out.set(i, v.get(i) - mean - y.get(i) * along);
                }
            }
        };
    }

    private static double mean(Array x, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += x.get(i);
        }
        return sum / count;
    }

    private static double inverseDeviation(Array x, int from, int count, double mean, double epsilon) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += (x.get(i) - mean) * (x.get(i) - mean);
        }
        return 1 / Math.sqrt(sum / count + epsilon);
    }

    private static Runnable visibility(Visibility op, List<Array> lengths, Array y) {
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                int row = i / op.keys();
                int keys = lengths.isEmpty()
                        ? op.keys()
                        : Visibility.length(lengths.get(0).get(row / op.queries()), op.keys());
                int visible = Visibility.visible(op.causal(), row % op.queries(), keys);
                y.set(i, i % op.keys() < visible ? 1 : 0);
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
