package io.gradstream.pipeline.features;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradstream.connectors.rows.CodedColumn;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.FloatColumn;
import io.gradstream.connectors.rows.IntegerColumn;
import io.gradstream.connectors.rows.ListColumn;
import io.gradstream.connectors.rows.Offsets;
import io.gradstream.connectors.rows.TextColumn;
import io.gradstream.connectors.rows.Validity;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Columns of given values; null is a missing one. */
final class Columns {
    private Columns() {}

    static FloatColumn doubles(@Nullable Double... values) {
        ByteBuffer bytes = buffer(values.length * Double.BYTES);
        for (Double value : values) {
            bytes.putDouble(value == null ? Double.NaN : value);
        }
        return new FloatColumn(FloatColumn.Width.F64, bytes.array(), 0, values.length, validity(values));
    }

    static FloatColumn floats(@Nullable Float... values) {
        ByteBuffer bytes = buffer(values.length * Float.BYTES);
        for (Float value : values) {
            bytes.putFloat(value == null ? Float.NaN : value);
        }
        return new FloatColumn(FloatColumn.Width.F32, bytes.array(), 0, values.length, validity(values));
    }

    static IntegerColumn longs(@Nullable Long... values) {
        return integers(IntegerColumn.Width.I64, values);
    }

    static IntegerColumn unsigned(@Nullable Long... values) {
        return integers(IntegerColumn.Width.U64, values);
    }

    static IntegerColumn bools(int bits, int size) {
        return new IntegerColumn(IntegerColumn.Width.BOOL, new byte[] {(byte) bits}, 0, size, Validity.ALL);
    }

    private static IntegerColumn integers(IntegerColumn.Width width, @Nullable Long... values) {
        ByteBuffer bytes = buffer(values.length * Long.BYTES);
        for (Long value : values) {
            bytes.putLong(value == null ? -1 : value);
        }
        return new IntegerColumn(width, bytes.array(), 0, values.length, validity(values));
    }

    static TextColumn texts(@Nullable String... values) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ByteBuffer ends = buffer((values.length + 1) * Integer.BYTES).putInt(0);
        for (String value : values) {
            text.writeBytes((value == null ? "null" : value).getBytes(UTF_8));
            ends.putInt(text.size());
        }
        return new TextColumn(
                text.toByteArray(),
                0,
                text.size(),
                Offsets.of(ends.array(), 0, values.length, false),
                validity(values));
    }

    static CodedColumn coded(Column dictionary, @Nullable Long... codes) {
        return new CodedColumn(longs(codes), dictionary);
    }

    /** Lists of the given lengths over consecutive elements; null is a missing list of no elements. */
    static ListColumn lists(Column elements, @Nullable Integer... lengths) {
        ByteBuffer ends = buffer((lengths.length + 1) * Integer.BYTES).putInt(0);
        int end = 0;
        for (Integer length : lengths) {
            end += length == null ? 0 : length;
            ends.putInt(end);
        }
        return new ListColumn(elements, Offsets.of(ends.array(), 0, lengths.length, false), validity(lengths));
    }

    private static Validity validity(@Nullable Object[] values) {
        if (Arrays.stream(values).allMatch(Objects::nonNull)) {
            return Validity.ALL;
        }
        byte[] bits = new byte[(values.length + 7) / 8];
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                bits[i / 8] |= (byte) (1 << i % 8);
            }
        }
        return Validity.of(bits, 0, values.length);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
