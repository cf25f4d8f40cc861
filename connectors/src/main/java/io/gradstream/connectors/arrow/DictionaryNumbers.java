package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.CodedColumn;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.FloatColumn;
import io.gradstream.connectors.rows.IntegerColumn;
import io.gradstream.connectors.rows.ListColumn;
import io.gradstream.connectors.rows.NumberColumn;
import io.gradstream.connectors.rows.TextColumn;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.Validity;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Puts numbers in the place of codes, for readers to whom a number is a number. */
final class DictionaryNumbers {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private DictionaryNumbers() {}

    static NumberColumn resolve(CodedColumn coded, Budget budget) throws UndecodableException {
        int size = coded.size();
        byte[] values = budget.allocate((long) size * Long.BYTES);
        byte[] present = budget.allocate((size + 7) >>> 3);
        Column dictionary = coded.dictionary();
        for (int row = 0; row < size; row++) {
            if (coded.isNull(row)) {
                continue;
            }
            present[row >>> 3] |= (byte) (1 << (row & 7));
            switch (dictionary) {
                case IntegerColumn integers -> LONG.set(values, row * 8, integers.integer(coded.code(row)));
                case FloatColumn floats -> DOUBLE.set(values, row * 8, floats.number(coded.code(row)));
                case TextColumn _, ListColumn _, CodedColumn _ ->
                    throw Faults.corrupt("a dictionary of numbers must hold numbers");
            }
        }
        Validity validity = Validity.of(present, 0, size);
        return switch (dictionary) {
            case IntegerColumn integers ->
                new IntegerColumn(
                        integers.width() == IntegerColumn.Width.U64 ? IntegerColumn.Width.U64 : IntegerColumn.Width.I64,
                        values,
                        0,
                        size,
                        coded.hasNulls() ? validity : Validity.ALL);
            case FloatColumn _, TextColumn _, ListColumn _, CodedColumn _ ->
                new FloatColumn(FloatColumn.Width.F64, values, 0, size, coded.hasNulls() ? validity : Validity.ALL);
        };
    }
}
