package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.Attending;
import io.gradstream.autodiff.op.AttentionByQuery;
import io.gradstream.autodiff.op.AttentionLayout;
import io.gradstream.autodiff.op.AttentionLayout.Rows;
import io.gradstream.autodiff.op.Visibility;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attention with its operands, and in which tiles it goes through them. An entry is one head of one batch entry. */
record AttentionCall(AttentionLayout layout, List<Operand> in, @Nullable Operand lengths) {
    private static final int QUERIES = 64;
    private static final int KEYS = 256;
    private static final int GRAIN = 16;

    /** So many scores at a time stay in a near cache with all that is made of them. */
    private static final int SCORES = 1 << 15;

    static AttentionCall of(Attending op, List<Operand> in) {
        AttentionLayout layout = op.layout(in.stream().map(Operand::type).toList());
        Operand last = in.getLast();
        return new AttentionCall(layout, in, last.dtype().isFloating() ? null : last);
    }

    /** The same in plain Java. */
    AttentionByQuery byQuery(Operand out) {
        return new AttentionByQuery(layout, in, lengths, out);
    }

    int queryTile() {
        return tile(layout.queries(), QUERIES);
    }

    int keyTile() {
        return tile(layout.keys(), KEYS);
    }

    /** The extent of a tile: no more than there is, in whole vectors. */
    private static int tile(int extent, int most) {
        return Math.min(most, (extent + GRAIN - 1) / GRAIN * GRAIN);
    }

    /** How many entries are worked on together: where a tile holds a whole one, small products are made many at a time. */
    int together() {
        boolean whole = layout.queries() <= queryTile() && layout.keys() <= keyTile();
        return whole ? Math.clamp(SCORES / (queryTile() * keyTile()), 1, layout.entries()) : 1;
    }

    Tile tile(Rows rows, int extent, Workspace workspace) {
        return new Tile(this, rows, extent, workspace);
    }

    /** The address of an operand's row. */
    long address(Rows rows, int entry, int row) {
        Operand operand = in.get(rows.operand());
        return operand.data().address() + at(rows, entry, row) * operand.dtype().bytes();
    }

    /** The address of a row of a result in F32. */
    long address(Operand out, Rows rows, int entry, int row) {
        return out.data().address() + at(rows, entry, row) * Float.BYTES;
    }

    private long at(Rows rows, int entry, int row) {
        return rows.at(entry / layout.heads(), entry % layout.heads(), row);
    }

    /** How many keys of a tile a query sees. */
    int visible(int entry, int query, int firstKey) {
        return Math.clamp(visible(entry, query) - firstKey, 0, keyTile());
    }

    /** How many keys the last of some queries of some entries sees at most. */
    int limit(int firstEntry, int entries, int lastQuery) {
        int limit = 0;
        for (int entry = firstEntry; entry < firstEntry + entries; entry++) {
            limit = Math.max(limit, visible(entry, lastQuery));
        }
        return limit;
    }

    private int visible(int entry, int query) {
        int count = lengths == null ? layout.keys() : (int) lengths.get(entry / layout.heads());
        return Visibility.visible(layout.causal(), query, count);
    }
}
