package io.gradstream.connectors.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.flatbuffers.Table;
import io.gradstream.connectors.rows.FloatColumn;
import io.gradstream.connectors.rows.IntegerColumn;
import io.gradstream.connectors.rows.UndecodableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.flatbuf.DictionaryEncoding;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Union;
import org.apache.arrow.flatbuf.UnionMode;
import org.jspecify.annotations.Nullable;

/**
 * Reads a schema out of its metadata.
 *
 * <p>Offsets in corrupt metadata can lead in circles, so both the depth and the number of fields are bounded.
 */
final class SchemaReader {
    private static final int MAX_DEPTH = 32;

    /** No field fits into fewer bytes of metadata. */
    private static final int BYTES_PER_FIELD = 8;

    private final boolean unionsHaveValidity;
    private int fieldsLeft;
    private int nameBytesLeft;

    private SchemaReader(short version, int metadataBytes) {
        this.unionsHaveValidity = version < MetadataVersion.V5;
        this.fieldsLeft = metadataBytes / BYTES_PER_FIELD;
        this.nameBytesLeft = metadataBytes;
    }

    /**
     * The columns of a schema, as a tree.
     *
     * @param metadataBytes the size of the metadata that the schema is in
     */
    static List<ArrowField> read(@Nullable Schema schema, short version, int metadataBytes)
            throws UndecodableException {
        if (schema == null) {
            throw Faults.corrupt("schema must be there");
        }
        if (schema.endianness() != Endianness.Little) {
            throw Faults.corrupt("only little-endian data can be read: endianness=" + schema.endianness());
        }
        SchemaReader reader = new SchemaReader(version, metadataBytes);
        List<ArrowField> fields = new ArrayList<>();
        for (int i = 0; i < schema.fieldsLength(); i++) {
            fields.add(reader.field(schema.fields(i), 0));
        }
        return fields;
    }

    private ArrowField field(@Nullable Field field, int depth) throws UndecodableException {
        if (field == null || --fieldsLeft < 0 || depth > MAX_DEPTH) {
            throw Faults.corrupt("schema must be a tree of bounded depth: depth=" + depth);
        }
        String name = depth == 0 ? name(field) : "";
        List<ArrowField> children = new ArrayList<>();
        for (int i = 0; i < field.childrenLength(); i++) {
            children.add(field(field.children(i), depth + 1));
        }
        ArrowType type = type(field);
        int expected = switch (type) {
            case ArrowType.Lists _, ArrowType.FixedLists _ -> 1;
            case ArrowType.Other _ -> children.size();
            case ArrowType.Integers _, ArrowType.Floats _, ArrowType.Text _, ArrowType.TextView _, ArrowType.Nulls _ ->
                0;
        };
        if (children.size() != expected) {
            throw Faults.corrupt("a column must have the children of its type: column=" + name + " type=" + type.label()
                    + " children=" + children.size());
        }
        return ArrowField.of(name, type, List.copyOf(children), encoding(field));
    }

    private String name(Field field) throws UndecodableException {
        ByteBuffer name = field.nameAsByteBuffer();
        if (name == null) {
            return "";
        }
        nameBytesLeft -= name.remaining();
        if (nameBytesLeft < 0) {
            throw Faults.corrupt("names must fit into the schema");
        }
        return UTF_8.decode(name).toString();
    }

    private ArrowField.@Nullable Encoding encoding(Field field) throws UndecodableException {
        DictionaryEncoding encoding = field.dictionary();
        if (encoding == null) {
            return null;
        }
        Int codes = encoding.indexType();
        ArrowType.Integers type = codes == null ? new ArrowType.Integers(IntegerColumn.Width.I32) : integers(codes);
        return new ArrowField.Encoding(encoding.id(), type);
    }

    private ArrowType type(Field field) throws UndecodableException {
        byte type = field.typeType();
        return switch (type) {
            case Type.Null -> new ArrowType.Nulls();
            case Type.Bool -> new ArrowType.Integers(IntegerColumn.Width.BOOL);
            case Type.Int -> integers((Int) detail(field, new Int()));
            case Type.FloatingPoint -> floats((FloatingPoint) detail(field, new FloatingPoint()));
            case Type.Utf8, Type.Binary -> new ArrowType.Text(false);
            case Type.LargeUtf8, Type.LargeBinary -> new ArrowType.Text(true);
            case Type.Utf8View, Type.BinaryView -> new ArrowType.TextView();
            case Type.List -> new ArrowType.Lists(false);
            case Type.LargeList -> new ArrowType.Lists(true);
            case Type.FixedSizeList -> fixedLists((FixedSizeList) detail(field, new FixedSizeList()));
            case Type.Decimal,
                    Type.Date,
                    Type.Time,
                    Type.Timestamp,
                    Type.Interval,
                    Type.Duration,
                    Type.FixedSizeBinary,
                    Type.Map -> other(type, 2);
            case Type.ListView, Type.LargeListView -> other(type, 3);
            case Type.Struct_ -> other(type, 1);
            case Type.RunEndEncoded -> other(type, 0);
            case Type.Union -> other(type, unionBuffers((Union) detail(field, new Union())));
            default -> throw Faults.corrupt("column type must be known: column=" + field.name() + " type=" + type);
        };
    }

    private static Table detail(Field field, Table as) throws UndecodableException {
        Table detail = field.type(as);
        if (detail == null) {
            throw Faults.corrupt("column type must have its details: type=" + field.typeType());
        }
        return detail;
    }

    private static ArrowType.Other other(byte type, int buffers) {
        return new ArrowType.Other(Type.name(type).replace("_", "").toLowerCase(Locale.ROOT), buffers);
    }

    private int unionBuffers(Union union) {
        int buffers = union.mode() == UnionMode.Dense ? 2 : 1;
        return unionsHaveValidity ? buffers + 1 : buffers;
    }

    private static ArrowType.FixedLists fixedLists(FixedSizeList list) throws UndecodableException {
        if (list.listSize() < 0) {
            throw Faults.corrupt("list size must not be negative: size=" + list.listSize());
        }
        return new ArrowType.FixedLists(list.listSize());
    }

    private static ArrowType.Integers integers(Int type) throws UndecodableException {
        boolean signed = type.isSigned();
        return new ArrowType.Integers(
                switch (type.bitWidth()) {
                    case 8 -> signed ? IntegerColumn.Width.I8 : IntegerColumn.Width.U8;
                    case 16 -> signed ? IntegerColumn.Width.I16 : IntegerColumn.Width.U16;
                    case 32 -> signed ? IntegerColumn.Width.I32 : IntegerColumn.Width.U32;
                    case 64 -> signed ? IntegerColumn.Width.I64 : IntegerColumn.Width.U64;
                    default -> throw Faults.corrupt("integers must have 8, 16, 32 or 64 bits: bits=" + type.bitWidth());
                });
    }

    private static ArrowType.Floats floats(FloatingPoint type) throws UndecodableException {
        return new ArrowType.Floats(
                switch (type.precision()) {
                    case Precision.HALF -> FloatColumn.Width.F16;
                    case Precision.SINGLE -> FloatColumn.Width.F32;
                    case Precision.DOUBLE -> FloatColumn.Width.F64;
                    default -> throw Faults.corrupt("float precision must be known: precision=" + type.precision());
                });
    }
}
