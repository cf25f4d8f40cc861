package io.gradstream.autodiff.device.cpu;

import java.util.List;

/** Attention in plain Java, query by query, in double and rounded once. */
final class PlainAttentionKernels {
    private final AttentionShape shape;
    private final Operand q;
    private final Operand k;
    private final Operand v;
    private final Operand cotangent;
    private final Operand out;
    private final double[] probabilities;

    private PlainAttentionKernels(AttentionShape shape, List<Operand> in, Operand out) {
        this.shape = shape;
        q = in.get(0);
        k = in.get(1);
        v = in.get(2);
        cotangent = in.get(Math.min(3, in.size() - 1));
        this.out = out;
        probabilities = new double[shape.keys()];
    }

    static PreparedCall forward(AttentionShape shape, List<Operand> in, Operand out) {
        return new PlainAttentionKernels(shape, in, out)::forward;
    }

    static PreparedCall backward(AttentionShape shape, List<Operand> in, Operand out) {
        return new PlainAttentionKernels(shape, in, out)::backward;
    }

    private void forward() {
        int width = shape.width();
        for (int row = 0; row < shape.batch() * shape.queries(); row++) {
            int seen = attend(row);
            for (int column = 0; column < width; column++) {
                double sum = 0;
                for (int key = 0; key < seen; key++) {
                    sum += probabilities[key] * v.get(key(row, key) + column);
                }
                out.set((long) row * width + column, sum);
            }
        }
    }

    private void backward() {
        out.data().fill((byte) 0);
        for (int row = 0; row < shape.batch() * shape.queries(); row++) {
            backward(row);
        }
    }

    private void backward(int row) {
        int width = shape.width();
        int seen = attend(row);
        int entry = row / shape.queries();
        long rows = shape.queries() + 2L * shape.keys();
        long toQuery = (entry * rows + row % shape.queries()) * width;
        long toKeys = (entry * rows + shape.queries()) * width;
        long toValues = toKeys + (long) shape.keys() * width;
        long own = (long) row * width;
        double mean = 0;
        for (int key = 0; key < seen; key++) {
            mean += probabilities[key] * dot(cotangent, own, v, key(row, key));
        }
        for (int key = 0; key < seen; key++) {
            double slope = probabilities[key] * (dot(cotangent, own, v, key(row, key)) - mean) * shape.scale();
            for (int column = 0; column < width; column++) {
                add(toQuery + column, slope * k.get(key(row, key) + column));
                add(toKeys + (long) key * width + column, slope * q.get(own + column));
                add(toValues + (long) key * width + column, probabilities[key] * cotangent.get(own + column));
            }
        }
    }

    /** Leaves a query's probabilities, and returns how many keys it sees. */
    private int attend(int row) {
        int seen = shape.visible(row % shape.queries(), shape.count(row / shape.queries()));
        double largest = Double.NEGATIVE_INFINITY;
        for (int key = 0; key < seen; key++) {
            probabilities[key] = shape.scale() * dot(q, (long) row * shape.width(), k, key(row, key));
            largest = Math.max(largest, probabilities[key]);
        }
        double sum = 0;
        for (int key = 0; key < seen; key++) {
            probabilities[key] = Math.exp(probabilities[key] - largest);
            sum += probabilities[key];
        }
        for (int key = 0; key < seen; key++) {
            probabilities[key] /= sum;
        }
        return seen;
    }

    private long key(int row, int key) {
        return ((long) (row / shape.queries()) * shape.keys() + key) * shape.width();
    }

    private double dot(Operand a, long fromA, Operand b, long fromB) {
        double sum = 0;
        for (int i = 0; i < shape.width(); i++) {
            sum += a.get(fromA + i) * b.get(fromB + i);
        }
        return sum;
    }

    private void add(long index, double value) {
        out.set(index, out.get(index) + value);
    }
}
