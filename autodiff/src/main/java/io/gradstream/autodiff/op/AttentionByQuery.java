package io.gradstream.autodiff.op;

import io.gradstream.autodiff.op.AttentionLayout.Rows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attention and its gradient on a host device, query by query in double. */
public final class AttentionByQuery {
    private final AttentionLayout layout;
    private final List<? extends Elements> in;
    private final @Nullable Elements lengths;
    private final Elements out;
    private final double[] probabilities;
    private int batch;
    private int head;

    /** @param lengths how many keys count, if not all do */
    public AttentionByQuery(
            AttentionLayout layout, List<? extends Elements> in, @Nullable Elements lengths, Elements out) {
        this.layout = layout;
        this.in = in;
        this.lengths = lengths;
        this.out = out;
        probabilities = new double[layout.keys()];
    }

    public void forward() {
        for (batch = 0; batch < layout.batch(); batch++) {
            for (head = 0; head < layout.heads(); head++) {
                for (int query = 0; query < layout.queries(); query++) {
                    forward(query);
                }
            }
        }
    }

    /** Adds to a result that holds zeros. */
    public void backward() {
        for (batch = 0; batch < layout.batch(); batch++) {
            for (head = 0; head < layout.heads(); head++) {
                for (int query = 0; query < layout.queries(); query++) {
                    backward(query);
                }
            }
        }
    }

    private void forward(int query) {
        int seen = attend(query);
        for (int column = 0; column < layout.width(); column++) {
            double sum = 0;
            for (int key = 0; key < seen; key++) {
                sum += probabilities[key] * get(layout.v(), key, column);
            }
            out.set(at(layout.output(), query, column), sum);
        }
    }

    private void backward(int query) {
        int seen = attend(query);
        double mean = 0;
        for (int key = 0; key < seen; key++) {
            mean += probabilities[key] * dot(layout.output(), query, layout.v(), key);
        }
        for (int key = 0; key < seen; key++) {
            double p = probabilities[key];
            double slope = p * (dot(layout.output(), query, layout.v(), key) - mean) * layout.scale();
            for (int column = 0; column < layout.width(); column++) {
                add(at(layout.toQueries(), query, column), slope * get(layout.k(), key, column));
                add(at(layout.toKeys(), key, column), slope * get(layout.q(), query, column));
                add(at(layout.toValues(), key, column), p * get(layout.output(), query, column));
            }
        }
    }

    /** Leaves a query's probabilities, and returns how many keys it sees. */
    private int attend(int query) {
        int count = lengths == null ? layout.keys() : Visibility.length(lengths.get(batch), layout.keys());
        int seen = Visibility.visible(layout.causal(), query, count);
        double largest = Double.NEGATIVE_INFINITY;
        for (int key = 0; key < seen; key++) {
            probabilities[key] = layout.scale() * dot(layout.q(), query, layout.k(), key);
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

    private double dot(Rows a, int rowOfA, Rows b, int rowOfB) {
        double sum = 0;
        for (int column = 0; column < layout.width(); column++) {
            sum += get(a, rowOfA, column) * get(b, rowOfB, column);
        }
        return sum;
    }

    private double get(Rows rows, int row, int column) {
        return in.get(rows.operand()).get(at(rows, row, column));
    }

    private long at(Rows rows, int row, int column) {
        return rows.at(batch, head, row) + column;
    }

    private void add(long index, double value) {
        out.set(index, out.get(index) + value);
    }
}
