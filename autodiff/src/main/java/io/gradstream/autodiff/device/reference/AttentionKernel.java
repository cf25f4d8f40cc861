package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.Visibility;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attention query by query. */
final class AttentionKernel {
    private final double scale;
    private final boolean causal;
    private final Array q;
    private final Array k;
    private final Array v;
    private final Array cotangent;
    private final @Nullable Array lengths;
    private final int queries;
    private final int keys;
    private final int width;
    private final double[] probabilities;

    AttentionKernel(double scale, boolean causal, List<Array> inputs, int arity) {
        this.scale = scale;
        this.causal = causal;
        q = inputs.get(0);
        k = inputs.get(1);
        v = inputs.get(2);
        cotangent = inputs.get(arity - 1);
        lengths = inputs.size() > arity ? inputs.get(arity) : null;
        queries = q.dim(1);
        keys = k.dim(1);
        width = q.dim(2);
        probabilities = new double[keys];
    }

    Runnable forward(Array y) {
        return () -> {
            for (int row = 0; row < q.dim(0) * queries; row++) {
                int seen = attend(row);
                for (int column = 0; column < width; column++) {
                    double sum = 0;
                    for (int key = 0; key < seen; key++) {
                        sum += probabilities[key] * v.get(key(row, key) + column);
                    }
                    y.set(row * width + column, sum);
                }
            }
        };
    }

    Runnable backward(Array y) {
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                y.set(i, 0);
            }
            for (int row = 0; row < q.dim(0) * queries; row++) {
                backward(row, y);
            }
        };
    }

    private void backward(int row, Array y) {
        int seen = attend(row);
        int batch = row / queries;
        int toQuery = (batch * (queries + 2 * keys) + row % queries) * width;
        int toKeys = (batch * (queries + 2 * keys) + queries) * width;
        int toValues = toKeys + keys * width;
        double mean = 0;
        for (int key = 0; key < seen; key++) {
            mean += probabilities[key] * dot(cotangent, row * width, v, key(row, key));
        }
        for (int key = 0; key < seen; key++) {
            double slope = probabilities[key] * (dot(cotangent, row * width, v, key(row, key)) - mean) * scale;
            for (int column = 0; column < width; column++) {
                add(y, toQuery + column, slope * k.get(key(row, key) + column));
                add(y, toKeys + key * width + column, slope * q.get(row * width + column));
                add(y, toValues + key * width + column, probabilities[key] * cotangent.get(row * width + column));
            }
        }
    }

    /** Leaves a query's probabilities, and returns how many keys it sees. */
    private int attend(int row) {
        int count = lengths == null ? keys : (int) lengths.get(row / queries);
        int seen = Visibility.visible(causal, row % queries, count);
        double largest = Double.NEGATIVE_INFINITY;
        for (int key = 0; key < seen; key++) {
            probabilities[key] = scale * dot(q, row * width, k, key(row, key));
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

    private int key(int row, int key) {
        return (row / queries * keys + key) * width;
    }

    private double dot(Array a, int fromA, Array b, int fromB) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += a.get(fromA + i) * b.get(fromB + i);
        }
        return sum;
    }

    private static void add(Array y, int index, double value) {
        y.set(index, y.get(index) + value);
    }
}
