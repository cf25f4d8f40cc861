package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.op.AttentionLayout;
import io.gradstream.autodiff.op.AttentionLayout.Rows;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * The cotangents of attention by tiles. For each tile of queries all scores of these few queries are computed again, which takes memory for as
 * many rows as a tile has; what they give to keys and values is added where it belongs, in the order of the queries.
 */
final class TiledAttentionGradient implements PreparedCall {
    private final AttentionCall call;
    private final AttentionLayout layout;
    private final int queryTile;
    private final int keyTile;
    private final int together;
    private final Tile q;
    private final Tile k;
    private final Tile v;
    private final Tile g;
    private final Block[] blocks;
    private final boolean once;
    private final MemorySegment toQueries;
    private final MemorySegment toKeys;
    private final Operand out;
    private final long scoreBytes;
    private final float[] largest;
    private final double[] sums;
    private final double[] means;
    private final float[] lanes = new float[VectorMath.FLOATS.length()];

    /** The scores of a tile of queries against one of keys, which become probabilities; the slopes of these; and what both are multiplied by. */
    private record Block(
            long scoresAt,
            long slopesAt,
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

    private TiledAttentionGradient(AttentionCall call, Operand out, Gemm gemm, Workspace workspace) {
        this.call = call;
        this.out = out;
        layout = call.layout();
        queryTile = call.queryTile();
        keyTile = call.keyTile();
        together = call.together();
        q = call.tile(layout.q(), queryTile, workspace);
        k = call.tile(layout.k(), keyTile, workspace);
        v = call.tile(layout.v(), keyTile, workspace);
        g = call.tile(layout.output(), queryTile, workspace);
        scoreBytes = (long) keyTile * Float.BYTES;
        int queries = together * queryTile;
        toQueries = workspace.floats((long) queries * layout.width());
        toKeys = workspace.floats((long) together * keyTile * layout.width());
        largest = new float[queries];
        sums = new double[queries];
        means = new double[queries];
        DType dtype = call.in().getFirst().dtype();
        MemorySegment halves = workspace.bytes((long) queries * keyTile * dtype.bytes());
        blocks = new Block[(layout.keys() + keyTile - 1) / keyTile];
        once = call.isWhole();
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = block(dtype, halves, gemm, workspace);
        }
    }

    private Block block(DType dtype, MemorySegment halves, Gemm gemm, Workspace workspace) {
        MemorySegment scores = workspace.floats((long) together * queryTile * keyTile);
        MemorySegment slopes = workspace.floats((long) together * queryTile * keyTile);
        TileFactor probability = TileFactor.of(scores, dtype, together, queryTile, keyTile, halves);
        TileFactor slope = TileFactor.of(slopes, dtype, together, queryTile, keyTile, halves);
        return new Block(
                scores.address(),
                slopes.address(),
                probability,
                slope,
                gemm.prepare(Product.of(q.matrix(), k.transposed(), scores), workspace),
                gemm.prepare(Product.of(g.matrix(), v.transposed(), slopes), workspace),
                gemm.prepare(Product.of(probability.transposed(), g.matrix(), toKeys), workspace),
                gemm.prepare(Product.of(slope.transposed(), q.matrix(), toKeys), workspace),
                gemm.prepare(Product.of(slope.matrix(), k.matrix(), toQueries), workspace));
    }

    static PreparedCall prepare(AttentionCall call, Operand out, Gemm gemm, Workspace workspace) {
        return new TiledAttentionGradient(call, out, gemm, workspace);
    }

    @Override
    public void run() {
        if (!once) {
            out.data().fill((byte) 0);
        }
        for (int entry = 0; entry < layout.entries(); entry += together) {
            int entries = Math.min(together, layout.entries() - entry);
            for (int first = 0; first < layout.queries(); first += queryTile) {
                int rows = Math.min(queryTile, layout.queries() - first);
                int limit = once ? layout.keys() : call.limit(entry, entries, first + rows - 1);
                q.load(entry, entries, first, rows);
                g.load(entry, entries, first, rows);
                attend(entry, entries, first, rows, limit);
                weigh(entry, entries, rows, limit);
                give(entry, entries, first, rows, limit);
            }
        }
    }

    /** Leaves exponentials in the blocks, and their sums. */
    private void attend(int entry, int entries, int first, int rows, int limit) {
        Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        Arrays.fill(sums, 0);
        for (int key = 0; key < limit; key += keyTile) {
            Block block = blocks[key / keyTile];
            k.load(entry, entries, key, Math.min(keyTile, limit - key));
            block.score.run();
            for (int i = 0; i < entries; i++) {
                int count = call.count(entry + i);
                for (int row = 0; row < rows; row++) {
                    findLargest(block, i * queryTile + row, call.visible(first + row, count, key));
                }
            }
        }
        for (int key = 0; key < limit; key += keyTile) {
            Block block = blocks[key / keyTile];
            for (int i = 0; i < entries; i++) {
                int count = call.count(entry + i);
                for (int row = 0; row < rows; row++) {
                    exponentials(block, i * queryTile + row, call.visible(first + row, count, key));
                }
            }
        }
    }

    private void findLargest(Block block, int row, int visible) {
        if (visible > 0) {
            float highest = VectorExtremes.row(block.scoresAt + row * scoreBytes, visible, lanes);
            largest[row] = Math.max(largest[row], highest * (float) layout.scale());
        }
    }

    private void exponentials(Block block, int row, int visible) {
        long at = block.scoresAt + row * scoreBytes;
        sums[row] += TileMath.exponentials(at, keyTile, visible, (float) layout.scale(), largest[row], lanes);
    }

    /** Makes exponentials probabilities, and leaves the cotangents of these in the blocks, and their mean. */
    private void weigh(int entry, int entries, int rows, int limit) {
        Arrays.fill(means, 0);
        for (int key = 0; key < limit; key += keyTile) {
            Block block = blocks[key / keyTile];
            v.load(entry, entries, key, Math.min(keyTile, limit - key));
            block.weigh.run();
            for (int i = 0; i < entries; i++) {
                for (int row = i * queryTile; row < i * queryTile + rows; row++) {
                    TileMath.scale(
                            block.scoresAt + row * scoreBytes, keyTile, sums[row] == 0 ? 0 : (float) (1 / sums[row]));
                    means[row] += TileMath.product(
                            block.scoresAt + row * scoreBytes, block.slopesAt + row * scoreBytes, keyTile, lanes);
                }
            }
        }
    }

    private void give(int entry, int entries, int first, int rows, int limit) {
        for (int key = 0; key < limit; key += keyTile) {
            Block block = blocks[key / keyTile];
            int keys = Math.min(keyTile, limit - key);
            k.load(entry, entries, key, keys);
            block.probability.refresh().run();
            block.values.run();
            add(toKeys, keyTile, layout.toValues(), entry, entries, key, keys);
            for (int i = 0; i < entries; i++) {
                for (int row = i * queryTile; row < i * queryTile + rows; row++) {
                    float mean = (float) means[row];
                    TileMath.slopes(
                            block.scoresAt + row * scoreBytes, block.slopesAt + row * scoreBytes, keyTile, mean, (float)
                                    layout.scale());
                }
            }
            block.slope.refresh().run();
            block.keys.run();
            add(toKeys, keyTile, layout.toKeys(), entry, entries, key, keys);
            block.queries.run();
            add(toQueries, queryTile, layout.toQueries(), entry, entries, first, rows);
        }
    }

    /** Adds rows of tiles to those of the result, or puts them there. */
    private void add(MemorySegment tiles, int extent, Rows target, int entry, int entries, int first, int rows) {
        long rowBytes = (long) layout.width() * Float.BYTES;
        long stride = target.ofRow() * Float.BYTES;
        for (int i = 0; i < entries; i++) {
            long from = tiles.address() + (long) i * extent * rowBytes;
            long to = call.address(out, target, entry + i, first);
            if (once) {
                Pieces.copy(from, rowBytes, to, stride, rowBytes, rows);
                continue;
            }
            for (int row = 0; row < rows; row++) {
                TileMath.scaleAndAdd(to + row * stride, 1, from + row * rowBytes, layout.width());
            }
        }
    }

    @Override
    public void close() {
        for (Block block : blocks) {
            block.close();
        }
    }
}
