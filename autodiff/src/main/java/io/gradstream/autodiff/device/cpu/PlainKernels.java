package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.op.Binary;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.op.SlopeProduct;
import io.gradstream.autodiff.op.Unary;
import io.gradstream.autodiff.op.Where;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * Every kernel in plain Java, computed in double and rounded once to the type of the result. They work on every element type and define
 * what the vector kernels must give; a device without the Vector API runs on them alone.
 */
final class PlainKernels {
    private PlainKernels() {}

    static PreparedCall unary(Unary op, Operand in, Operand out) {
        int count = out.size();
        return () -> {
            for (int i = 0; i < count; i++) {
                out.set(i, op.apply(in.get(i)));
            }
        };
    }

    static PreparedCall slopeProduct(
            SlopeProduct.Activation activation, Operand cotangent, Operand result, Operand out) {
        int count = out.size();
        DType dtype = out.dtype();
        return () -> {
            for (int i = 0; i < count; i++) {
                double y = result.get(i);
                double slope = switch (activation) {
                    case RELU -> y > 0 ? 1 : 0;
                    case SIGMOID -> y * dtype.round(1 - y);
                    case TANH -> 1 - dtype.round(y * y);
                };
                out.set(i, cotangent.get(i) * dtype.round(slope));
            }
        };
    }

    static PreparedCall binary(Binary op, Operand a, Operand b, Operand out) {
        Runs runs = Runs.of(out.shape(), List.of(a.shape(), b.shape()));
        return () -> {
            for (int run = 0, to = 0; run < runs.count(); run++) {
                int fromA = runs.starts()[0][run];
                int fromB = runs.starts()[1][run];
                for (int i = 0; i < runs.length(); i++, to++) {
                    out.set(to, op.apply(a.get(fromA + i * runs.steps()[0]), b.get(fromB + i * runs.steps()[1])));
                }
            }
        };
    }

    static PreparedCall where(Where op, Operand condition, Operand a, Operand b, Operand out) {
        Runs runs = Runs.of(out.shape(), List.of(condition.shape(), a.shape(), b.shape()));
        return () -> {
            for (int run = 0, to = 0; run < runs.count(); run++) {
                int[] steps = runs.steps();
                int[][] starts = runs.starts();
                for (int i = 0; i < runs.length(); i++, to++) {
                    double chosen = op.apply(
                            condition.get(starts[0][run] + i * steps[0]),
                            a.get(starts[1][run] + i * steps[1]),
                            b.get(starts[2][run] + i * steps[2]));
                    out.set(to, chosen);
                }
            }
        };
    }

    static PreparedCall cast(Operand in, Operand out) {
        int count = out.size();
        return () -> {
            for (int i = 0; i < count; i++) {
                out.set(i, in.get(i));
            }
        };
    }

    static PreparedCall softmax(Operand in, Operand out) {
        int width = in.shape().dim(-1);
        int rows = in.size() / width;
        return () -> {
            for (int row = 0; row < rows; row++) {
                double max = rowMax(in, row, width);
                double sum = rowSumExp(in, row, width, max);
                for (int i = row * width; i < (row + 1) * width; i++) {
                    out.set(i, Math.exp(in.get(i) - max) / sum);
                }
            }
        };
    }

    static PreparedCall logSoftmax(Operand in, Operand out) {
        int width = in.shape().dim(-1);
        int rows = in.size() / width;
        return () -> {
            for (int row = 0; row < rows; row++) {
                double max = rowMax(in, row, width);
                double log = max + Math.log(rowSumExp(in, row, width, max));
                for (int i = row * width; i < (row + 1) * width; i++) {
                    out.set(i, in.get(i) - log);
                }
            }
        };
    }

    static PreparedCall softmaxCrossEntropy(Operand logits, Operand classes, Operand out) {
        int width = logits.shape().dim(1);
        return () -> {
            for (int row = 0; row < out.size(); row++) {
                double max = rowMax(logits, row, width);
                double log = Math.log(rowSumExp(logits, row, width, max));
                int label = row(classes, row, width);
                out.set(row, log + (max - logits.get((long) row * width + label)));
            }
        };
    }

    static PreparedCall oneHot(Operand classes, Operand out) {
        int width = out.shape().dim(1);
        return () -> {
            out.data().fill((byte) 0);
            for (int row = 0; row < classes.size(); row++) {
                out.set((long) row * width + row(classes, row, width), 1);
            }
        };
    }

    static PreparedCall embedding(Operand table, Operand ids, Operand out) {
        int tableRows = table.shape().dim(0);
        long width = (long) table.shape().dim(1) * table.dtype().bytes();
        return () -> {
            for (int i = 0; i < ids.size(); i++) {
                MemorySegment.copy(table.data(), row(ids, i, tableRows) * width, out.data(), i * width, width);
            }
        };
    }

    static PreparedCall scatterAddRows(Operand updates, Operand ids, Operand out) {
        int width = out.shape().dim(1);
        int rows = out.shape().dim(0);
        return () -> {
            out.data().fill((byte) 0);
            for (int i = 0; i < ids.size(); i++) {
                addRow(updates, i, out, row(ids, i, rows), width, 1);
            }
        };
    }

    static PreparedCall bagCombine(Combine combine, Operand rows, Operand offsets, Operand out) {
        int width = out.shape().dim(1);
        int bags = out.shape().dim(0);
        int count = rows.shape().dim(0);
        return () -> {
            for (int bag = 0; bag < bags; bag++) {
                int from = (int) offsets.get(bag);
                int to = (int) offsets.get(bag + 1);
                Objects.checkFromToIndex(from, to, count);
                for (int column = 0; column < width; column++) {
                    double sum = 0;
                    for (int i = from; i < to; i++) {
                        sum += rows.get((long) i * width + column);
                    }
                    out.set((long) bag * width + column, sum * share(combine, from, to));
                }
            }
        };
    }

    static PreparedCall bagSpread(Combine combine, Operand bags, Operand offsets, Operand out) {
        int width = out.shape().dim(1);
        int count = bags.shape().dim(0);
        return () -> {
            out.data().fill((byte) 0);
            for (int bag = 0; bag < count; bag++) {
                int from = (int) offsets.get(bag);
                int to = (int) offsets.get(bag + 1);
                Objects.checkFromToIndex(from, to, out.shape().dim(0));
                for (int i = from; i < to; i++) {
                    addRow(bags, bag, out, i, width, share(combine, from, to));
                }
            }
        };
    }

    /** The factor by which a bag's rows count. */
    static double share(Combine combine, int from, int to) {
        return switch (combine) {
            case SUM -> 1;
            case MEAN -> to == from ? 0 : 1.0 / (to - from);
        };
    }

    private static void addRow(Operand from, int fromRow, Operand to, int toRow, int width, double factor) {
        for (int column = 0; column < width; column++) {
            long at = (long) toRow * width + column;
            to.set(at, to.get(at) + factor * from.get((long) fromRow * width + column));
        }
    }

    /** The i-th row number, which must lie within the table. */
    static int row(Operand ids, int i, int rows) {
        return Objects.checkIndex((int) ids.get(i), rows);
    }

    private static double rowMax(Operand in, int row, int width) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = row * width; i < (row + 1) * width; i++) {
            max = Math.max(max, in.get(i));
        }
        return max;
    }

    private static double rowSumExp(Operand in, int row, int width, double max) {
        double sum = 0;
        for (int i = row * width; i < (row + 1) * width; i++) {
            sum += Math.exp(in.get(i) - max);
        }
        return sum;
    }
}
