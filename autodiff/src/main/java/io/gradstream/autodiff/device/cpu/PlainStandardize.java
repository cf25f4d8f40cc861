package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.Visibility;
import java.util.List;

/** Standardized rows and what belongs to them in plain Java, computed in double and rounded once. */
final class PlainStandardize {
    private PlainStandardize() {}

    static PreparedCall standardize(boolean centered, double epsilon, Operand in, Operand out) {
        int width = in.shape().dim(-1);
        return () -> {
            for (int row = 0; row < in.size(); row += width) {
                double mean = centered ? mean(in, row, width) : 0;
                double scale = inverseDeviation(in, row, width, mean, epsilon);
                for (int i = row; i < row + width; i++) {
                    out.set(i, (in.get(i) - mean) * scale);
                }
            }
        };
    }

    static PreparedCall inverseDeviation(boolean centered, double epsilon, Operand in, Operand out) {
        int width = in.shape().dim(-1);
        return () -> {
            for (int row = 0; row < out.size(); row++) {
                double mean = centered ? mean(in, row * width, width) : 0;
                out.set(row, inverseDeviation(in, row * width, width, mean, epsilon));
            }
        };
    }

    static PreparedCall deflate(boolean centered, Operand y, Operand v, Operand out) {
        int width = y.shape().dim(-1);
        return () -> {
            for (int row = 0; row < y.size(); row += width) {
                double mean = centered ? mean(v, row, width) : 0;
                double along = 0;
                for (int i = row; i < row + width; i++) {
                    along += y.get(i) * v.get(i);
                }
                along /= width;
                for (int i = row; i < row + width; i++) {
                    out.set(i, v.get(i) - mean - y.get(i) * along);
                }
            }
        };
    }

    static PreparedCall visibility(Visibility op, List<Operand> lengths, Operand out) {
        int rows = out.shape().dim(0) * op.queries();
        return () -> {
            out.data().fill((byte) 0);
            for (int row = 0; row < rows; row++) {
                int keys = lengths.isEmpty()
                        ? op.keys()
                        : Visibility.length(lengths.getFirst().get(row / op.queries()), op.keys());
                int visible = Visibility.visible(op.causal(), row % op.queries(), keys);
                for (int key = 0; key < visible; key++) {
                    out.set((long) row * op.keys() + key, 1);
                }
            }
        };
    }

    private static double mean(Operand in, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += in.get(i);
        }
        return sum / count;
    }

    private static double inverseDeviation(Operand in, int from, int count, double mean, double epsilon) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += (in.get(i) - mean) * (in.get(i) - mean);
        }
        return 1 / Math.sqrt(sum / count + epsilon);
    }
}
