package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;

/**
 * Where attention finds the rows of its operands and puts those of its results, for every head of every batch entry.
 *
 * @param width of a row
 * @param output the rows of attention's result, or in its gradient those of the cotangent of that
 * @param toQueries where the gradient puts the cotangents of queries; likewise the others
 */
public record AttentionLayout(
        double scale,
        boolean causal,
        int batch,
        int heads,
        int queries,
        int keys,
        int width,
        Rows q,
        Rows k,
        Rows v,
        Rows output,
        Rows toQueries,
        Rows toKeys,
        Rows toValues) {
    private static final int RESULT = -1;

    /**
     * Rows of one operand.
     *
     * @param operand its number among the operands, if it is one
     * @param start the first element of the first row
     * @param ofBatch how many elements lie between batch entries; likewise between heads and between rows
     */
    public record Rows(int operand, long start, long ofBatch, long ofHead, long ofRow) {
        /** The first element of a row. */
        public long at(int batch, int head, int row) {
            return start + batch * ofBatch + head * ofHead + row * ofRow;
        }
    }

    /** Q, K and V [batch, rows, width], each an operand, and their cotangents one after the other along axis 1. */
    static AttentionLayout apart(double scale, boolean causal, TensorType q, TensorType k) {
        int queries = q.shape().dim(1);
        int keys = k.shape().dim(1);
        int width = q.shape().dim(2);
        long query = (long) queries * width;
        long key = (long) keys * width;
        long all = query + 2 * key;
        return new AttentionLayout(
                scale,
                causal,
                q.shape().dim(0),
                1,
                queries,
                keys,
                width,
                new Rows(0, 0, query, 0, width),
                new Rows(1, 0, key, 0, width),
                new Rows(2, 0, key, 0, width),
                new Rows(3, 0, query, 0, width),
                new Rows(RESULT, 0, all, 0, width),
                new Rows(RESULT, query, all, 0, width),
                new Rows(RESULT, query + key, all, 0, width));
    }

    /** Q, K and V side by side in one operand [batch, length, 3·heads·width], and their cotangents likewise. */
    static AttentionLayout packed(boolean causal, int heads, TensorType maps) {
        int length = maps.shape().dim(1);
        long all = maps.shape().dim(2);
        long each = all / 3;
        int width = Math.toIntExact(each / heads);
        Rows q = new Rows(0, 0, length * all, width, all);
        Rows k = new Rows(0, each, length * all, width, all);
        Rows v = new Rows(0, 2 * each, length * all, width, all);
        return new AttentionLayout(
                1 / Math.sqrt(width),
                causal,
                maps.shape().dim(0),
                heads,
                length,
                length,
                width,
                q,
                k,
                v,
                new Rows(1, 0, length * each, width, each),
                q,
                k,
                v);
    }

    /** How many heads there are in all batch entries. */
    public int entries() {
        return batch * heads;
    }

    /** Whether nothing attends or there is nothing to attend to. */
    public boolean isEmpty() {
        return queries == 0 || keys == 0 || width == 0;
    }
}
