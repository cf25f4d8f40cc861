package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Attention by tiles of queries and keys. For each tile of queries the keys come by tile by tile; a query keeps its largest score so far, the sum of
 * its exponentials relative to that, and its weighted values, which are scaled down whenever a larger score appears (Milakov and
 * Gimelshein, "Online normalizer calculation for softmax", 2018). Scores never exist but for one tile.
 */
final class TiledAttention implements PreparedCall {
    private static final int QUERIES = 64;
    private static final int KEYS = 256;
    private static final int GRAIN = 16;

    private final AttentionShape shape;
    private final int queryTile;
    private final int keyTile;
    private final Tile q;
    private final Tile k;
    private final Tile v;
    private final MemorySegment scores;
    private final MemorySegment weighted;
    private final MemorySegment values;
    private final TileFactor probabilities;
    private final PreparedCall score;
    private final PreparedCall weigh;
    private final long out;
    private final float[] largest;
    private final double[] sums;
    private final float[] factors;
    private final float[] lanes = new float[VectorMath.FLOATS.length()];

    private TiledAttention(AttentionShape shape, List<Operand> in, Operand out, Gemm gemm, Workspace workspace) {
        this.shape = shape;
        this.out = out.data().address();
        queryTile = tile(shape.queries(), QUERIES);
        keyTile = tile(shape.keys(), KEYS);
        DType dtype = in.get(0).dtype();
        q = new Tile(in.get(0), queryTile, shape.width(), workspace);
        k = new Tile(in.get(1), keyTile, shape.width(), workspace);
        v = new Tile(in.get(2), keyTile, shape.width(), workspace);
        scores = workspace.floats((long) queryTile * keyTile);
        weighted = workspace.floats((long) queryTile * shape.width());
        values = workspace.floats((long) queryTile * shape.width());
        MemorySegment halves = workspace.bytes((long) queryTile * keyTile * dtype.bytes());
        probabilities = TileFactor.of(scores, dtype, queryTile, keyTile, halves);
        score = gemm.prepare(Product.of(q.matrix(), k.transposed(), scores), workspace);
        weigh = gemm.prepare(Product.of(probabilities.matrix(), v.matrix(), weighted), workspace);
        largest = new float[queryTile];
        sums = new double[queryTile];
        factors = new float[queryTile];
    }

    static PreparedCall prepare(AttentionShape shape, List<Operand> in, Operand out, Gemm gemm, Workspace workspace) {
        return new TiledAttention(shape, in, out, gemm, workspace);
    }

    /** The extent of a tile: no more than there is, in whole vectors. */
    static int tile(int extent, int most) {
        return Math.min(most, (extent + GRAIN - 1) / GRAIN * GRAIN);
    }

    static int queryTile(AttentionShape shape) {
        return tile(shape.queries(), QUERIES);
    }

    static int keyTile(AttentionShape shape) {
        return tile(shape.keys(), KEYS);
    }

    @Override
    public void run() {
        for (int entry = 0; entry < shape.batch(); entry++) {
            int count = shape.count(entry);
            for (int first = 0; first < shape.queries(); first += queryTile) {
                attend(entry, count, first, Math.min(queryTile, shape.queries() - first));
            }
        }
    }

    private void attend(int entry, int count, int first, int rows) {
        q.load((long) entry * shape.queries() + first, rows);
        values.fill((byte) 0);
        Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        Arrays.fill(sums, 0);
        int limit = shape.visible(first + rows - 1, count);
        for (int key = 0; key < limit; key += keyTile) {
            int keys = Math.min(keyTile, limit - key);
            k.load((long) entry * shape.keys() + key, keys);
            v.load((long) entry * shape.keys() + key, keys);
            score.run();
            for (int row = 0; row < rows; row++) {
                int visible = Math.clamp(shape.visible(first + row, count) - key, 0, keyTile);
                exponentials(row, visible);
            }
            probabilities.refresh().run();
            weigh.run();
            collect(rows);
        }
        write((long) entry * shape.queries() + first, rows);
    }

    private void exponentials(int row, int visible) {
        long at = scores.address() + (long) row * keyTile * Float.BYTES;
        float before = largest[row];
        float highest = visible == 0
                ? before
                : Math.max(before, VectorExtremes.row(at, visible, lanes) * (float) shape.scale());
        TileMath.exponentials(at, keyTile, visible, (float) shape.scale(), highest);
        float factor = before == Float.NEGATIVE_INFINITY ? 0 : (float) Math.exp((double) before - highest);
        factors[row] = factor;
        sums[row] = sums[row] * factor + VectorSums.row(at, keyTile, lanes);
        largest[row] = highest;
    }

    private void collect(int rows) {
        for (int row = 0; row < rows; row++) {
            long at = (long) row * shape.width() * Float.BYTES;
            TileMath.scaleAndAdd(values.address() + at, factors[row], weighted.address() + at, shape.width());
        }
    }

    private void write(long firstRow, int rows) {
        for (int row = 0; row < rows; row++) {
            long from = values.address() + (long) row * shape.width() * Float.BYTES;
            long to = out + (firstRow + row) * shape.width() * Float.BYTES;
            float factor = sums[row] == 0 ? 0 : (float) (1 / sums[row]);
            TileMath.scaleInto(from, factor, to, shape.width());
        }
    }

    @Override
    public void close() {
        score.close();
        weigh.close();
    }
}
