package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * The cotangents of attention by tiles. For each tile of queries all scores of these few queries are computed again, which takes memory for as
 * many rows as a tile has; what they give to keys and values is added where it belongs, in the order of the queries.
 */
final class TiledAttentionGradient implements PreparedCall {
    private final AttentionShape shape;
    private final int queryTile;
    private final int keyTile;
    private final Tile q;
    private final Tile k;
    private final Tile v;
    private final Tile g;
    private final Block[] blocks;
    private final MemorySegment toQueries;
    private final MemorySegment toKeys;
    private final MemorySegment out;
    private final float[] largest;
    private final double[] sums;
    private final double[] means;
    private final float[] lanes = new float[VectorMath.FLOATS.length()];

    /** The scores of a tile of queries against one of keys, which become probabilities; the slopes of these; and what both are multiplied by. */
    private record Block(
            MemorySegment scores,
            MemorySegment slopes,
            TileFactor probability,
            TileFactor slope,
            PreparedCall score,
            PreparedCall weigh,
            PreparedCall values,
            PreparedCall keys,
            PreparedCall queries) {

        void close() {
            List.of(score, weigh, values, keys, queries).forEach(PreparedCall::close);
        }
    }

    private TiledAttentionGradient(
            AttentionShape shape, List<Operand> in, Operand out, Gemm gemm, Workspace workspace) {
        this.shape = shape;
        this.out = out.data();
        queryTile = TiledAttention.queryTile(shape);
        keyTile = TiledAttention.keyTile(shape);
        q = new Tile(in.get(0), queryTile, shape.width(), workspace);
        k = new Tile(in.get(1), keyTile, shape.width(), workspace);
        v = new Tile(in.get(2), keyTile, shape.width(), workspace);
        g = new Tile(in.get(3), queryTile, shape.width(), workspace);
        toQueries = workspace.floats((long) queryTile * shape.width());
        toKeys = workspace.floats((long) keyTile * shape.width());
        largest = new float[queryTile];
        sums = new double[queryTile];
        means = new double[queryTile];
        DType dtype = in.get(0).dtype();
        MemorySegment halves = workspace.bytes((long) queryTile * keyTile * dtype.bytes());
        blocks = new Block[(shape.keys() + keyTile - 1) / keyTile];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = block(dtype, halves, gemm, workspace);
        }
    }

    private Block block(DType dtype, MemorySegment halves, Gemm gemm, Workspace workspace) {
        MemorySegment scores = workspace.floats((long) queryTile * keyTile);
        MemorySegment slopes = workspace.floats((long) queryTile * keyTile);
        TileFactor probability = TileFactor.of(scores, dtype, queryTile, keyTile, halves);
        TileFactor slope = TileFactor.of(slopes, dtype, queryTile, keyTile, halves);
        return new Block(
                scores,
                slopes,
                probability,
                slope,
                gemm.prepare(Product.of(q.matrix(), k.transposed(), scores), workspace),
                gemm.prepare(Product.of(g.matrix(), v.transposed(), slopes), workspace),
                gemm.prepare(Product.of(probability.transposed(), g.matrix(), toKeys), workspace),
                gemm.prepare(Product.of(slope.transposed(), q.matrix(), toKeys), workspace),
                gemm.prepare(Product.of(slope.matrix(), k.matrix(), toQueries), workspace));
    }

    static PreparedCall prepare(AttentionShape shape, List<Operand> in, Operand out, Gemm gemm, Workspace workspace) {
        return new TiledAttentionGradient(shape, in, out, gemm, workspace);
    }

    @Override
    public void run() {
        out.fill((byte) 0);
        for (int entry = 0; entry < shape.batch(); entry++) {
            int count = shape.count(entry);
            for (int first = 0; first < shape.queries(); first += queryTile) {
                int rows = Math.min(queryTile, shape.queries() - first);
                int limit = shape.visible(first + rows - 1, count);
                q.load((long) entry * shape.queries() + first, rows);
                g.load((long) entry * shape.queries() + first, rows);
                attend(entry, count, first, rows, limit);
                weigh(entry, rows, limit);
                give(entry, first, rows, limit);
            }
        }
    }

    /** Leaves exponentials in the blocks, and their sums. */
    private void attend(int entry, int count, int first, int rows, int limit) {
        Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        Arrays.fill(sums, 0);
        for (int key = 0; key < limit; key += keyTile) {
            Block block = blocks[key / keyTile];
            k.load((long) entry * shape.keys() + key, Math.min(keyTile, limit - key));
            block.score.run();
            for (int row = 0; row < rows; row++) {
                int visible = visible(first + row, count, key);
                if (visible > 0) {
                    float highest = VectorExtremes.row(at(block.scores, row), visible, lanes);
                    largest[row] = Math.max(largest[row], highest * (float) shape.scale());
                }
            }
        }
        for (int key = 0; key < limit; key += keyTile) {
            Block block = blocks[key / keyTile];
            for (int row = 0; row < rows; row++) {
                long at = at(block.scores, row);
                int visible = visible(first + row, count, key);
                TileMath.exponentials(at, keyTile, visible, (float) shape.scale(), largest[row]);
                sums[row] += VectorSums.row(at, keyTile, lanes);
            }
        }
    }

    /** Makes exponentials probabilities, and leaves the cotangents of these in the blocks, and their mean. */
    private void weigh(int entry, int rows, int limit) {
        Arrays.fill(means, 0);
        for (int key = 0; key < limit; key += keyTile) {
            Block block = blocks[key / keyTile];
            v.load((long) entry * shape.keys() + key, Math.min(keyTile, limit - key));
            block.weigh.run();
            for (int row = 0; row < rows; row++) {
                TileMath.scale(at(block.scores, row), keyTile, sums[row] == 0 ? 0 : (float) (1 / sums[row]));
                means[row] += TileMath.product(at(block.scores, row), at(block.slopes, row), keyTile, lanes);
            }
        }
    }

    private void give(int entry, int first, int rows, int limit) {
        long start = (long) entry * (shape.queries() + 2L * shape.keys());
        for (int key = 0; key < limit; key += keyTile) {
            Block block = blocks[key / keyTile];
            int keys = Math.min(keyTile, limit - key);
            k.load((long) entry * shape.keys() + key, keys);
            block.probability.refresh().run();
            block.values.run();
            add(toKeys, start + shape.queries() + shape.keys() + key, keys);
            for (int row = 0; row < rows; row++) {
                TileMath.slopes(at(block.scores, row), at(block.slopes, row), keyTile, (float) means[row], (float)
                        shape.scale());
            }
            block.slope.refresh().run();
            block.keys.run();
            add(toKeys, start + shape.queries() + key, keys);
            block.queries.run();
            add(toQueries, start + first, rows);
        }
    }

    private void add(MemorySegment from, long firstRow, int rows) {
        long to = out.address() + firstRow * shape.width() * Float.BYTES;
        TileMath.scaleAndAdd(to, 1, from.address(), rows * shape.width());
    }

    private int visible(int query, int count, int key) {
        return Math.clamp(shape.visible(query, count) - key, 0, keyTile);
    }

    private long at(MemorySegment block, int row) {
        return block.address() + (long) row * keyTile * Float.BYTES;
    }

    @Override
    public void close() {
        for (Block block : blocks) {
            block.close();
        }
    }
}
