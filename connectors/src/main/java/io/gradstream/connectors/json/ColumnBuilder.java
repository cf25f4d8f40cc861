package io.gradstream.connectors.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.IntegerColumn;
import io.gradstream.connectors.rows.Kind;
import io.gradstream.connectors.rows.ListColumn;
import io.gradstream.connectors.rows.Offsets;
import io.gradstream.connectors.rows.TextColumn;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.UndecodableException.Reason;
import io.gradstream.connectors.rows.Wanted;
import java.io.IOException;

/** Collects one wanted column, row by row: scalars or lists of them, whichever comes first. */
final class ColumnBuilder {
    private enum Form {
        /** Nothing but nulls so far. */
        OPEN,
        SCALARS,
        LISTS
    }

    private final Wanted wanted;
    private final Allowance allowance;
    private final Bytes ends;
    private final Bits lists;
    private Values values;
    private Form form = Form.OPEN;
    private boolean seen;
    private int rows;

    ColumnBuilder(Wanted wanted, Allowance allowance) {
        this.wanted = wanted;
        this.allowance = allowance;
        this.ends = new Bytes(allowance);
        this.lists = new Bits(allowance);
        this.values = new Values(wanted.name(), wanted.allows(Kind.NUMBER), wanted.allows(Kind.CATEGORY), allowance);
    }

    /** Reads the value that the parser stands at. */
    void read(int row, JsonParser parser) throws IOException, UndecodableException {
        if (rows > row) {
            throw UndecodableException.atRow(
                    row, Reason.CORRUPT, "an object must have a key once: column=" + wanted.name());
        }
        seen = true;
        switch (parser.currentToken()) {
            case VALUE_NULL -> missing();
            case START_ARRAY -> list(row, parser);
            default -> scalar(row, parser);
        }
        rows++;
    }

    /** Notes what a row that had no such column lacks. */
    void endRow(int count) throws UndecodableException {
        if (rows < count) {
            missing();
            rows++;
        }
    }

    Column build() throws UndecodableException {
        if (!seen && wanted.required()) {
            throw new UndecodableException(
                    Reason.MISSING_COLUMN, "at least one row must have the column: missing=" + wanted.name());
        }
        return switch (form) {
            case OPEN -> absent();
            case SCALARS -> values.build();
            case LISTS -> new ListColumn(values.build(), Offsets.of(ends.array(), 0, rows, false), lists.validity());
        };
    }

    private Column absent() throws UndecodableException {
        allowance.take(rows / 8);
        if (wanted.allows(Kind.NUMBER)) {
            return IntegerColumn.absent(rows);
        }
        return wanted.allows(Kind.CATEGORY) ? TextColumn.absent(rows) : ListColumn.absent(rows);
    }

    private void missing() throws UndecodableException {
        switch (form) {
            case OPEN -> {}
            case SCALARS -> values.addNull();
            case LISTS -> endList(false);
        }
    }

    private void scalar(int row, JsonParser parser) throws IOException, UndecodableException {
        boolean allowed = wanted.allows(Kind.NUMBER) || wanted.allows(Kind.CATEGORY);
        if (!allowed || form == Form.LISTS) {
            throw wrong(row, parser.currentToken());
        }
        if (form == Form.OPEN) {
            form = Form.SCALARS;
            for (int i = 0; i < rows; i++) {
                values.addNull();
            }
        }
        values.add(row, parser);
    }

    private void list(int row, JsonParser parser) throws IOException, UndecodableException {
        if (!wanted.allows(Kind.LIST) || form == Form.SCALARS) {
            throw wrong(row, parser.currentToken());
        }
        if (form == Form.OPEN) {
            form = Form.LISTS;
            values = new Values(wanted.name(), true, true, allowance);
            ends.addInt(0);
            for (int i = 0; i < rows; i++) {
                endList(false);
            }
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                values.addNull();
            } else {
                values.add(row, parser);
            }
        }
        endList(true);
    }

    private void endList(boolean present) throws UndecodableException {
        lists.add(present);
        ends.addInt(values.size());
    }

    private UndecodableException wrong(int row, JsonToken found) {
        return UndecodableException.atRow(
                row,
                Reason.WRONG_TYPE,
                "a value must be what its column wants: column=" + wanted.name() + " found=" + found + " wanted="
                        + wanted.kinds());
    }
}
