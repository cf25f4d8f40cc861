package io.gradstream.pipeline.features;

import io.gradstream.connectors.rows.CodedColumn;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.FloatColumn;
import io.gradstream.connectors.rows.IntegerColumn;
import io.gradstream.connectors.rows.IntegerColumn.Width;
import io.gradstream.connectors.rows.ListColumn;
import io.gradstream.connectors.rows.TextColumn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bucket of every category: its {@linkplain CategoryHash hash} modulo the number of buckets.
 *
 * <p>A dictionary's entry is hashed when its code is first met, and once only as long as the dictionary stays the same.
 */
final class Buckets {
    /** The bucket of a missing category is that of this hash, which no text is known to have. */
    static final long MISSING = 0x6E756C6C_6E756C6CL;

    private static final int UNKNOWN = -1;

    private final int count;
    private final DecimalText decimal = new DecimalText();
    private @Nullable Column dictionary;
    private int[] byCode = new int[0];

    Buckets(int count) {
        this.count = count;
    }

    /** The bucket of a category that may be missing. */
    int bucket(Column column, int row) {
        if (column.hasNulls() && column.isNull(row)) {
            return bucket(MISSING);
        }
        return switch (column) {
            case TextColumn text -> bucket(CategoryHash.of(text.bytes(), text.start(row), text.end(row)));
            case IntegerColumn integers -> bucket(integers.integer(row), integers.width() != Width.U64);
            case FloatColumn floats -> bucket((long) floats.number(row), true);
            case CodedColumn coded -> coded(coded, row);
            case ListColumn _ -> throw new IllegalArgumentException("categories must not be lists: row=" + row);
        };
    }

    private int coded(CodedColumn column, int row) {
        if (column.dictionary() != dictionary) {
            dictionary = column.dictionary();
            if (byCode.length < dictionary.size()) {
                byCode = new int[dictionary.size()];
            }
            Arrays.fill(byCode, 0, dictionary.size(), UNKNOWN);
        }
        int code = column.code(row);
        if (byCode[code] == UNKNOWN) {
            byCode[code] = bucket(column.dictionary(), code);
        }
        return byCode[code];
    }

    private int bucket(long integer, boolean signed) {
        decimal.write(integer, signed);
        return bucket(CategoryHash.of(decimal.bytes(), decimal.from(), decimal.to()));
    }

    private int bucket(long hash) {
        return (int) Long.remainderUnsigned(hash, count);
    }
}
