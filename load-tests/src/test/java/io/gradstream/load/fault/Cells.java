package io.gradstream.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;

/** Writes a value into a column of whatever type. */
final class Cells {
    private Cells() {}

    /** @param value a number, a text, a list of these, or nothing */
    static void put(FieldVector column, int row, @Nullable Object value) {
        switch (value) {
            case null -> column.setNull(row);
            case Number number -> number(column, row, number);
            case List<?> elements -> list(column, row, elements);
            case String text -> text(column, row, text.getBytes(UTF_8));
            default -> throw new IllegalArgumentException("a value of no column: " + value);
        }
    }

    private static void number(FieldVector column, int row, Number number) {
        switch (column) {
            case BitVector bits -> bits.setSafe(row, number.intValue());
            case TinyIntVector integers -> integers.setSafe(row, number.intValue());
            case SmallIntVector integers -> integers.setSafe(row, number.intValue());
            case IntVector integers -> integers.setSafe(row, number.intValue());
            case BigIntVector integers -> integers.setSafe(row, number.longValue());
            case UInt1Vector integers -> integers.setSafe(row, number.intValue());
            case UInt2Vector integers -> integers.setSafe(row, number.intValue());
            case UInt4Vector integers -> integers.setSafe(row, number.intValue());
            case UInt8Vector integers -> integers.setSafe(row, number.longValue());
            case Float4Vector floats -> floats.setSafe(row, number.floatValue());
            case Float8Vector floats -> floats.setSafe(row, number.doubleValue());
            default -> text(column, row, number.toString().getBytes(UTF_8));
        }
    }

    private static void text(FieldVector column, int row, byte[] text) {
        switch (column) {
            case VarCharVector texts -> texts.setSafe(row, text);
            case LargeVarCharVector texts -> texts.setSafe(row, text);
            case VarBinaryVector texts -> texts.setSafe(row, text);
            case ViewVarCharVector texts -> texts.setSafe(row, text);
            default -> throw new IllegalArgumentException("a column of no text: " + column.getField());
        }
    }

    private static void list(FieldVector column, int row, List<?> elements) {
        switch (column) {
            case ListVector lists -> {
                int from = lists.startNewValue(row);
                elements(lists.getDataVector(), from, elements);
                lists.endValue(row, elements.size());
            }
            case LargeListVector lists -> {
                long from = lists.startNewValue(row);
                elements(lists.getDataVector(), (int) from, elements);
                lists.endValue(row, elements.size());
            }
            case FixedSizeListVector lists -> elements(lists.getDataVector(), lists.startNewValue(row), elements);
            default -> throw new IllegalArgumentException("a column of no lists: " + column.getField());
        }
    }

    private static void elements(FieldVector elements, int from, List<?> values) {
        for (int i = 0; i < values.size(); i++) {
            put(elements, from + i, values.get(i));
        }
    }
}
