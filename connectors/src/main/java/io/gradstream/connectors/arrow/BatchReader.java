package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.CodedColumn;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.FloatColumn;
import io.gradstream.connectors.rows.IntegerColumn;
import io.gradstream.connectors.rows.Kind;
import io.gradstream.connectors.rows.ListColumn;
import io.gradstream.connectors.rows.Offsets;
import io.gradstream.connectors.rows.TextColumn;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.Validity;
import io.gradstream.connectors.rows.Wanted;
import java.util.List;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * Walks the arrays of one batch in the order of the schema, makes columns of the wanted ones and steps over the others.
 *
 * <p>Before a column is made, the length of its array and of each of its buffers is checked; the columns check what lies in them.
 */
final class BatchReader {
    private final RecordBatch batch;
    private final Body body;
    private final Budget budget;
    private final Dictionaries dictionaries;
    private final FieldNode node = new FieldNode();
    private int nextNode;
    private int nextView;

    BatchReader(RecordBatch batch, Body body, Budget budget, Dictionaries dictionaries) {
        this.batch = batch;
        this.body = body;
        this.budget = budget;
        this.dictionaries = dictionaries;
    }

    /** The wanted columns of the whole batch, in the order of the projection. */
    List<Column> read(Selection selection, int rows) throws UndecodableException {
        expect(selection.nodes(), selection.buffers(), selection.views());
        List<ArrowField> fields = selection.fields();
        Column[] columns = new Column[selection.projection().size()];
        for (int i = 0; i < fields.size(); i++) {
            int position = selection.position(i);
            if (position == Selection.UNWANTED) {
                skip(fields.get(i));
            } else {
                columns[position] = read(fields.get(i), selection.projection().wanted(position), rows);
            }
        }
        return List.of(columns);
    }

    /** The values of a dictionary, which are never codes themselves. */
    Column readDictionary(ArrowField values, int size) throws UndecodableException {
        expect(values.nodes(), values.buffers(), values.views());
        if (nextLength() != size) {
            throw Faults.corrupt(
                    "a dictionary must be as long as its batch: entries=" + node.length() + " rows=" + size);
        }
        return plain(values.type(), size);
    }

    /** Makes sure that the batch has as many arrays and buffers as its schema asks for. */
    private void expect(int nodes, int buffers, int views) throws UndecodableException {
        long varying = 0;
        if (batch.variadicBufferCountsLength() != views) {
            throw Faults.corrupt("a batch must count the buffers of its views: expected=" + views + " counts="
                    + batch.variadicBufferCountsLength());
        }
        for (int i = 0; i < views; i++) {
            long count = batch.variadicBufferCounts(i);
            if (count < 0 || count > batch.buffersLength()) {
                throw Faults.corrupt("view buffers must be among the buffers: count=" + count);
            }
            varying += count;
        }
        if (batch.nodesLength() != nodes || batch.buffersLength() != buffers + varying) {
            throw Faults.corrupt("a batch must have the arrays and buffers of its schema: arrays="
                    + batch.nodesLength() + " expected=" + nodes + " buffers=" + batch.buffersLength() + " expected="
                    + (buffers + varying));
        }
    }

    /** Steps over a column and all below it. */
    private void skip(ArrowField field) throws UndecodableException {
        for (int i = 0; i < field.nodes(); i++) {
            nextLength();
        }
        int buffers = field.buffers();
        for (int i = 0; i < field.views(); i++) {
            buffers += (int) batch.variadicBufferCounts(nextView++);
        }
        body.skip(buffers);
    }

    /** A wanted column, which must have this many values. */
    private Column read(ArrowField field, Wanted wanted, int rows) throws UndecodableException {
        try {
            int length = nextLength();
            if (length != rows) {
                throw Faults.corrupt("columns must be as long as their batch: values=" + length + " rows=" + rows);
            }
            return switch (field.type()) {
                case ArrowType.Lists lists -> lists(field, lists.wide(), length);
                case ArrowType.FixedLists lists -> fixedLists(field, lists.length(), length);
                case ArrowType.Nulls _ when field.encoding() == null -> absent(wanted, length);
                case ArrowType.Integers _,
                        ArrowType.Floats _,
                        ArrowType.Text _,
                        ArrowType.TextView _,
                        ArrowType.Nulls _,
                        ArrowType.Other _ -> flat(field, length, wanted.allows(Kind.CATEGORY));
            };
        } catch (UndecodableException e) {
            throw new UndecodableException(e.reason(), e.getMessage() + " column=" + field.name(), e);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            throw Faults.corrupt("column must be sound: column=" + field.name(), e);
        }
    }

    private int nextLength() throws UndecodableException {
        batch.nodes(node, nextNode++);
        long length = node.length();
        if (length < 0 || length > Integer.MAX_VALUE || node.nullCount() < 0 || node.nullCount() > length) {
            throw Faults.corrupt("arrays must have a length and as many nulls at most: length=" + length + " nulls="
                    + node.nullCount());
        }
        return (int) length;
    }

    private Column flat(ArrowField field, int length, boolean asCategory) throws UndecodableException {
        if (field.encoding() == null) {
            return plain(field.type(), length);
        }
        IntegerColumn codes = integers(field.encoding().codes().width(), length, validity(length));
        Column dictionary = dictionaries.get(field.encoding().dictionary());
        boolean isFloat = field.type() instanceof ArrowType.Floats;
        CodedColumn coded = new CodedColumn(codes, dictionary);
        return asCategory && !isFloat ? coded : DictionaryNumbers.resolve(coded, budget);
    }

    private Column plain(ArrowType type, int length) throws UndecodableException {
        if (type instanceof ArrowType.Nulls) {
            budget.takeBytes(length / 4);
            return IntegerColumn.absent(length);
        }
        Validity validity = validity(length);
        return switch (type) {
            case ArrowType.Integers integers -> integers(integers.width(), length, validity);
            case ArrowType.Floats floats -> floats(floats.width(), length, validity);
            case ArrowType.Text text -> text(text.wide(), length, validity);
            case ArrowType.TextView _ -> views(length, validity);
            case ArrowType.Nulls _, ArrowType.Lists _, ArrowType.FixedLists _, ArrowType.Other _ ->
                throw Faults.corrupt("values must be numbers or text: type=" + type.label());
        };
    }

    private Column absent(Wanted wanted, int length) throws UndecodableException {
        budget.takeBytes(length / 4);
        if (wanted.allows(Kind.NUMBER)) {
            return IntegerColumn.absent(length);
        }
        return wanted.allows(Kind.CATEGORY) ? TextColumn.absent(length) : ListColumn.absent(length);
    }

    private Validity validity(int length) throws UndecodableException {
        int nulls = (int) node.nullCount();
        if (nulls == 0) {
            body.skip(1);
            return Validity.ALL;
        }
        body.open();
        need((length + 7L) >>> 3, "validity");
        Validity validity = Validity.of(body.array, body.at, length);
        if (validity.nulls(length) != nulls) {
            throw Faults.corrupt(
                    "nulls must be as many as announced: announced=" + nulls + " found=" + validity.nulls(length));
        }
        return validity;
    }

    private IntegerColumn integers(IntegerColumn.Width width, int length, Validity validity)
            throws UndecodableException {
        body.open();
        need(width.bytes(length), "values");
        return new IntegerColumn(width, body.array, body.at, length, validity);
    }

    private FloatColumn floats(FloatColumn.Width width, int length, Validity validity) throws UndecodableException {
        body.open();
        need((long) length * width.bytes(), "values");
        return new FloatColumn(width, body.array, body.at, length, validity);
    }

    private TextColumn text(boolean wide, int length, Validity validity) throws UndecodableException {
        Offsets offsets = offsets(wide, length);
        body.open();
        return new TextColumn(body.array, body.at, body.length, offsets, validity);
    }

    private TextColumn views(int length, Validity validity) throws UndecodableException {
        return new ViewReader(body, budget).read(length, validity, (int) batch.variadicBufferCounts(nextView++));
    }

    private Offsets offsets(boolean wide, int length) throws UndecodableException {
        body.open();
        if (length == 0 && body.length == 0) {
            return Offsets.every(0, 0);
        }
        need((length + 1L) * (wide ? Long.BYTES : Integer.BYTES), "offsets");
        return Offsets.of(body.array, body.at, length, wide);
    }

    private ListColumn lists(ArrowField field, boolean wide, int length) throws UndecodableException {
        Validity validity = validity(length);
        Offsets offsets = offsets(wide, length);
        return new ListColumn(elements(field), offsets, validity);
    }

    private ListColumn fixedLists(ArrowField field, int listLength, int length) throws UndecodableException {
        Validity validity = validity(length);
        return new ListColumn(elements(field), Offsets.every(listLength, length), validity);
    }

    private Column elements(ArrowField list) throws UndecodableException {
        return flat(list.children().getFirst(), nextLength(), true);
    }

    private void need(long bytes, String what) throws UndecodableException {
        if (body.length < bytes) {
            throw Faults.corrupt(
                    "buffers must hold their array: buffer=" + what + " bytes=" + body.length + " needed=" + bytes);
        }
    }
}
