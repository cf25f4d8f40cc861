package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.Attending;
import io.gradstream.autodiff.op.AttentionByQuery;
import io.gradstream.autodiff.op.AttentionLayout;
import io.gradstream.autodiff.op.AttentionLayout.Rows;
import io.gradstream.autodiff.op.Visibility;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attention with its operands, and in which tiles it goes through them. An entry is one head of one batch entry. */
record AttentionCall(
        AttentionLayout layout, List<Operand> in, @Nullable Operand lengths) {
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

    /** Whether one tile holds all queries of an entry and one all its keys. */
    boolean isWhole() {
        return layout.queries() <= queryTile() && layout.keys() <= keyTile();
    }

    /** How many entries are worked on together: where a tile holds a whole one, small products are made many at a time. */
    int together() {
        return isWhole() ? Math.clamp(SCORES / (queryTile() * keyTile()), 1, layout.entries()) : 1;
    }

    Tile tile(Rows rows, int extent, Workspace workspace) {
        return new Tile(this, rows, extent, workspace);
    }

    /** The address of an entry's row in an operand. */
    long address(Rows rows, int entry, int row) {
        Operand operand = in.get(rows.operand());
        return operand.data().address() + at(rows, entry, row) * operand.dtype().bytes();
    }

    /** The address of an entry's row in a result, which is F32. */
    long address(Operand out, Rows rows, int entry, int row) {
        return out.data().address() + at(rows, entry, row) * Float.BYTES;
    }

    private long at(Rows rows, int entry, int row) {
        return rows.at(entry / layout.heads(), entry % layout.heads(), row);
    }

    /** How many keys of an entry count. */
    int count(int entry) {
        return lengths == null ? layout.keys() : Visibility.length(lengths.get(entry / layout.heads()), layout.keys());
    }

    /** How many keys of a tile a query sees, of so many that count. */
    int visible(int query, int count, int firstKey) {
        return Math.clamp(Visibility.visible(layout.causal(), query, count) - firstKey, 0, keyTile());
    }

    /** How many keys a query of some entries sees at most. */
    int limit(int firstEntry, int entries, int query) {
        int most = 0;
        for (int entry = firstEntry; entry < firstEntry + entries; entry++) {
            most = Math.max(most, count(entry));
        }
        return Visibility.visible(layout.causal(), query, most);
    }
}
