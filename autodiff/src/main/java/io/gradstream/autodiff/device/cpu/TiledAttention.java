package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.op.AttentionLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Attention by tiles of queries and keys. For each tile of queries the keys come by tile by tile; a query keeps its largest score so far, the sum of
 * its exponentials relative to that, and its weighted values, which are scaled down whenever a larger score appears (Milakov and
 * Gimelshein, "Online normalizer calculation for softmax", 2018). Scores never exist but for one tile.
 */
final class TiledAttention implements PreparedCall {
    private final AttentionCall call;
    private final AttentionLayout layout;
    private final int queryTile;
    private final int keyTile;
    private final int together;
    private final Tile q;
    private final Tile k;
    private final Tile v;
    private final MemorySegment weighted;
    private final MemorySegment values;
    private final long scoresAt;
    private final long weightedAt;
    private final long valuesAt;
    private final long rowBytes;
    private final TileFactor probabilities;
    private final PreparedCall score;
    private final PreparedCall weigh;
    private final Operand out;
    private final float[] largest;
    private final double[] sums;
    private final float[] factors;
    private final float[] lanes = new float[VectorMath.FLOATS.length()];

    private TiledAttention(AttentionCall call, Operand out, Gemm gemm, Workspace workspace) {
        this.call = call;
        this.out = out;
        layout = call.layout();
        queryTile = call.queryTile();
        keyTile = call.keyTile();
        together = call.together();
        q = call.tile(layout.q(), queryTile, workspace);
        k = call.tile(layout.k(), keyTile, workspace);
        v = call.tile(layout.v(), keyTile, workspace);
        int queries = together * queryTile;
        MemorySegment scores = workspace.floats((long) queries * keyTile);
        weighted = workspace.floats((long) queries * layout.width());
        values = workspace.floats((long) queries * layout.width());
        scoresAt = scores.address();
        weightedAt = weighted.address();
        valuesAt = values.address();
        rowBytes = (long) layout.width() * Float.BYTES;
        DType dtype = call.in().getFirst().dtype();
        MemorySegment halves = workspace.bytes((long) queries * keyTile * dtype.bytes());
        probabilities = TileFactor.of(scores, dtype, together, queryTile, keyTile, halves);
        score = gemm.prepare(Product.of(q.matrix(), k.transposed(), scores), workspace);
        weigh = gemm.prepare(Product.of(probabilities.matrix(), v.matrix(), weighted), workspace);
        largest = new float[queries];
        sums = new double[queries];
        factors = new float[queries];
    }

    static PreparedCall prepare(AttentionCall call, Operand out, Gemm gemm, Workspace workspace) {
        return new TiledAttention(call, out, gemm, workspace);
    }

    @Override
    public void run() {
        for (int entry = 0; entry < layout.entries(); entry += together) {
            int entries = Math.min(together, layout.entries() - entry);
            for (int first = 0; first < layout.queries(); first += queryTile) {
                attend(entry, entries, first, Math.min(queryTile, layout.queries() - first));
            }
        }
    }

    private void attend(int entry, int entries, int first, int rows) {
        q.load(entry, entries, first, rows);
        Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        Arrays.fill(sums, 0);
        int limit = call.limit(entry, entries, first + rows - 1);
        for (int key = 0; key < limit; key += keyTile) {
            int keys = Math.min(keyTile, limit - key);
            k.load(entry, entries, key, keys);
            v.load(entry, entries, key, keys);
            score.run();
            for (int i = 0; i < entries; i++) {
                int count = call.count(entry + i);
                for (int row = 0; row < rows; row++) {
                    exponentials(i * queryTile + row, call.visible(first + row, count, key));
                }
            }
            probabilities.refresh().run();
            weigh.run();
            if (key > 0) {
                collect(entries, rows);
            } else {
                MemorySegment.copy(weighted, 0, values, 0, values.byteSize());
            }
        }
        if (limit == 0) {
            values.fill((byte) 0);
        }
        write(entry, entries, first, rows);
    }

    private void exponentials(int row, int visible) {
        long at = scoresAt + (long) row * keyTile * Float.BYTES;
        float scale = (float) layout.scale();
        float before = largest[row];
        float highest = visible == 0 ? before : Math.max(before, VectorExtremes.row(at, visible, lanes) * scale);
        double sum = TileMath.exponentials(at, keyTile, visible, scale, highest, lanes);
        float factor = before == Float.NEGATIVE_INFINITY ? 0 : (float) Math.exp((double) before - highest);
        factors[row] = factor;
        sums[row] = sums[row] * factor + sum;
        largest[row] = highest;
    }

    private void collect(int entries, int rows) {
        for (int i = 0; i < entries; i++) {
            for (int row = i * queryTile; row < i * queryTile + rows; row++) {
                long at = row * rowBytes;
                TileMath.scaleAndAdd(valuesAt + at, factors[row], weightedAt + at, layout.width());
            }
        }
    }

    private void write(int entry, int entries, int first, int rows) {
        long stride = layout.output().ofRow() * Float.BYTES;
        for (int i = 0; i < entries; i++) {
            long to = call.address(out, layout.output(), entry + i, first);
            for (int row = 0; row < rows; row++) {
                int at = i * queryTile + row;
                float factor = sums[at] == 0 ? 0 : (float) (1 / sums[at]);
                TileMath.scaleInto(valuesAt + at * rowBytes, factor, to + row * stride, layout.width());
            }
        }
    }

    @Override
    public void close() {
        score.close();
        weigh.close();
    }
}
