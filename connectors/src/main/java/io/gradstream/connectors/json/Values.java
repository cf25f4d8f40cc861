package io.gradstream.connectors.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.FloatColumn;
import io.gradstream.connectors.rows.IntegerColumn;
import io.gradstream.connectors.rows.Offsets;
import io.gradstream.connectors.rows.TextColumn;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.UndecodableException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Scalars of one column, which become integers, floats or text, whichever holds them all. */
final class Values {
    private enum Type {
        /** Nothing but nulls so far. */
        NONE,
        INTEGER,
        FLOAT,
        TEXT
    }

    private final String column;
    private final boolean numbers;
    private final boolean categories;
    private final Bytes data;
    private final Bytes ends;
    private final Bits present;
    private Type type = Type.NONE;

    /**
     * An empty column.
     *
     * @param numbers whether any number will do
     * @param categories whether text and integers will do
     */
    Values(String column, boolean numbers, boolean categories, Allowance allowance) {
        this.column = column;
        this.numbers = numbers;
        this.categories = categories;
        this.data = new Bytes(allowance);
        this.ends = new Bytes(allowance);
        this.present = new Bits(allowance);
    }

    int size() {
        return present.size();
    }

    void addNull() throws UndecodableException {
        present.add(false);
        switch (type) {
            case NONE -> {}
            case INTEGER, FLOAT -> data.addLong(0);
            case TEXT -> ends.addInt(data.size());
        }
    }

    /** Adds the scalar that the parser stands at. */
    void add(int row, JsonParser parser) throws IOException, UndecodableException {
        JsonToken token = parser.currentToken();
        switch (token) {
            case VALUE_STRING -> addText(row, parser.getText());
            case VALUE_TRUE -> addInteger(row, 1);
            case VALUE_FALSE -> addInteger(row, 0);
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    addFloat(row, parser.getDoubleValue());
                } else {
                    addInteger(row, parser.getLongValue());
                }
            }
            case VALUE_NUMBER_FLOAT -> addFloat(row, parser.getDoubleValue());
            case START_OBJECT,
                    START_ARRAY,
                    END_OBJECT,
                    END_ARRAY,
                    FIELD_NAME,
                    NOT_AVAILABLE,
                    VALUE_EMBEDDED_OBJECT,
                    VALUE_NULL -> throw wrong(row, "a value must be a scalar", token.toString());
        }
    }

    Column build() throws UndecodableException {
        int size = size();
        return switch (type) {
            case NONE -> IntegerColumn.absent(size);
            case INTEGER -> new IntegerColumn(IntegerColumn.Width.I64, data.array(), 0, size, present.validity());
            case FLOAT -> new FloatColumn(FloatColumn.Width.F64, data.array(), 0, size, present.validity());
            case TEXT ->
                new TextColumn(
                        data.array(), 0, data.size(), Offsets.of(ends.array(), 0, size, false), present.validity());
        };
    }

    private void addText(int row, String text) throws UndecodableException {
        if (!categories || !become(Type.TEXT)) {
            throw wrong(
                    row, categories ? "a column must not mix text and numbers" : "a value must be a number", "text");
        }
        present.add(true);
        data.add(text.getBytes(StandardCharsets.UTF_8));
        ends.addInt(data.size());
    }

    private void addInteger(int row, long value) throws UndecodableException {
        if (type == Type.FLOAT) {
            addFloat(row, (double) value);
            return;
        }
        if (!become(Type.INTEGER)) {
            throw wrong(row, "a column must not mix text and numbers", "integer");
        }
        present.add(true);
        data.addLong(value);
    }

    private void addFloat(int row, double value) throws UndecodableException {
        if (!numbers) {
            throw wrong(row, "a category must be text or a 64-bit integer", "number");
        }
        if (!Double.isFinite(value)) {
            throw wrong(row, "a number must fit into a double", "number");
        }
        if (!become(Type.FLOAT)) {
            throw wrong(row, "a column must not mix text and numbers", "number");
        }
        present.add(true);
        data.addLong(Double.doubleToRawLongBits(value));
    }

    /** Makes the column one of this type if that can be done with what is there. */
    private boolean become(Type wanted) throws UndecodableException {
        if (type == wanted) {
            return true;
        }
        if (type == Type.NONE) {
            if (wanted == Type.TEXT) {
                ends.addInt(0);
            }
            for (int i = 0; i < size(); i++) {
                if (wanted == Type.TEXT) {
                    ends.addInt(0);
                } else {
                    data.addLong(0);
                }
            }
        } else if (type == Type.INTEGER && wanted == Type.FLOAT) {
            for (int i = 0; i < size(); i++) {
                data.setLong(i, Double.doubleToRawLongBits((double) data.longAt(i)));
            }
        } else {
            return false;
        }
        type = wanted;
        return true;
    }

    private UndecodableException wrong(int row, String rule, String found) {
        return UndecodableException.atRow(row, Reason.WRONG_TYPE, rule + ": column=" + column + " found=" + found);
    }
}
