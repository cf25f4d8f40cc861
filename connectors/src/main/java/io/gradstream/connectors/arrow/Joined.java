package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.FloatColumn;
import io.gradstream.connectors.rows.IntegerColumn;
import io.gradstream.connectors.rows.Offsets;
import io.gradstream.connectors.rows.TextColumn;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.Validity;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/** Columns of the values of one column and then those of another of the same type. */
final class Joined {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private Joined() {}

    static IntegerColumn integers(IntegerColumn a, IntegerColumn b, Budget budget) throws UndecodableException {
        int size = Math.addExact(a.size(), b.size());
        byte[] values = budget.allocate((long) size * Long.BYTES);
        int row = 0;
        for (IntegerColumn part : List.of(a, b)) {
            for (int i = 0; i < part.size(); i++) {
                LONG.set(values, row++ * Long.BYTES, part.integer(i));
            }
        }
        IntegerColumn.Width width =
                a.width() == IntegerColumn.Width.U64 ? IntegerColumn.Width.U64 : IntegerColumn.Width.I64;
        return new IntegerColumn(width, values, 0, size, validity(a, b, budget));
    }

    static FloatColumn floats(FloatColumn a, FloatColumn b, Budget budget) throws UndecodableException {
        int size = Math.addExact(a.size(), b.size());
        byte[] values = budget.allocate((long) size * Double.BYTES);
        int row = 0;
        for (FloatColumn part : List.of(a, b)) {
            for (int i = 0; i < part.size(); i++) {
                DOUBLE.set(values, row++ * Double.BYTES, part.number(i));
            }
        }
        return new FloatColumn(FloatColumn.Width.F64, values, 0, size, validity(a, b, budget));
    }

    static TextColumn text(TextColumn a, TextColumn b, Budget budget) throws UndecodableException {
        int size = Math.addExact(a.size(), b.size());
        byte[] offsets = budget.allocate((size + 1L) * Integer.BYTES);
        byte[] bytes = budget.allocate(bytes(a) + bytes(b));
        int row = 0;
        int to = 0;
        for (TextColumn part : List.of(a, b)) {
            for (int i = 0; i < part.size(); i++) {
                int length = part.end(i) - part.start(i);
                System.arraycopy(part.bytes(), part.start(i), bytes, to, length);
                to += length;
                INT.set(offsets, ++row * Integer.BYTES, to);
            }
        }
        return new TextColumn(bytes, 0, to, Offsets.of(offsets, 0, size, false), validity(a, b, budget));
    }

    private static long bytes(TextColumn column) {
        return column.size() == 0 ? 0 : column.end(column.size() - 1) - column.start(0);
    }

    private static Validity validity(Column a, Column b, Budget budget) throws UndecodableException {
        if (!a.hasNulls() && !b.hasNulls()) {
            return Validity.ALL;
        }
        int size = a.size() + b.size();
        byte[] present = budget.allocate((size + 7) >>> 3);
        for (int row = 0; row < size; row++) {
            boolean missing = row < a.size() ? a.isNull(row) : b.isNull(row - a.size());
            if (!missing) {
                present[row >>> 3] |= (byte) (1 << (row & 7));
            }
        }
        return Validity.of(present, 0, size);
    }
}
