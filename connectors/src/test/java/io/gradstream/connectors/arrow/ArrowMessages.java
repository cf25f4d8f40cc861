package io.gradstream.connectors.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Messages written by Arrow's Java implementation. */
final class ArrowMessages {
    private ArrowMessages() {}

    /** How to write. */
    enum Container {
        STREAM,
        FILE
    }

    static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }

    static Field list(String name, ArrowType list, Field element) {
        return new Field(name, FieldType.nullable(list), List.of(element));
    }

    /** One batch, filled by the caller. */
    static byte[] write(Container container, CodecType codec, Schema schema, Consumer<VectorSchemaRoot> fill) {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
            fill.accept(root);
            return write(container, codec, root, new DictionaryProvider.MapDictionaryProvider(), 1);
        }
    }

    static byte[] write(
            Container container, CodecType codec, VectorSchemaRoot root, DictionaryProvider dictionaries, int batches) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ArrowWriter writer = writer(container, codec, root, dictionaries, bytes)) {
            writer.start();
            for (int i = 0; i < batches; i++) {
                writer.writeBatch();
            }
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static ArrowWriter writer(
            Container container,
            CodecType codec,
            VectorSchemaRoot root,
            DictionaryProvider dictionaries,
            ByteArrayOutputStream to) {
        var channel = Channels.newChannel(to);
        return switch (container) {
            case STREAM ->
                codec == CodecType.NO_COMPRESSION
                        ? new ArrowStreamWriter(root, dictionaries, channel)
                        : new ArrowStreamWriter(
                                root,
                                dictionaries,
                                channel,
                                IpcOption.DEFAULT,
                                CommonsCompressionFactory.INSTANCE,
                                codec);
            case FILE ->
                codec == CodecType.NO_COMPRESSION
                        ? new ArrowFileWriter(root, dictionaries, channel)
                        : new ArrowFileWriter(
                                root,
                                dictionaries,
                                channel,
                                null,
                                IpcOption.DEFAULT,
                                CommonsCompressionFactory.INSTANCE,
                                codec);
        };
    }

    /** Float columns {@code f0 …} and {@code label}, without nulls. */
    static byte[] floats(int rows, int features, CodecType codec) {
        ArrowType single = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < features; i++) {
            fields.add(field("f" + i, single));
        }
        fields.add(field("label", single));
        Random random = new Random(7);
        return write(Container.STREAM, codec, new Schema(fields), root -> {
            for (FieldVector vector : root.getFieldVectors()) {
                Float4Vector floats = (Float4Vector) vector;
                floats.allocateNew(rows);
                for (int row = 0; row < rows; row++) {
                    floats.set(row, Math.round(random.nextGaussian() * 100) / 100f);
                }
            }
            root.setRowCount(rows);
        });
    }

    /** Floats with nulls, text with nulls and lists of integers. */
    static byte[] mixed(Container container, CodecType codec, int rows) {
        Schema schema = new Schema(List.of(
                field("x", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
                field("site", new ArrowType.Utf8()),
                list("tags", new ArrowType.List(), field("item", new ArrowType.Int(32, true)))));
        return write(container, codec, schema, root -> {
            Float4Vector x = (Float4Vector) root.getVector("x");
            VarCharVector site = (VarCharVector) root.getVector("site");
            ListVector tags = (ListVector) root.getVector("tags");
            x.allocateNew(rows);
            site.allocateNew();
            var writer = tags.getWriter();
            for (int row = 0; row < rows; row++) {
                if (row % 7 == 0) {
                    x.setNull(row);
                    site.setNull(row);
                } else {
                    x.set(row, row / 4f);
                    site.setSafe(row, ("site-" + row).getBytes(UTF_8));
                }
                writer.setPosition(row);
                writer.startList();
                for (int i = 0; i < row % 4; i++) {
                    writer.integer().writeInt(row + i);
                }
                writer.endList();
            }
            tags.setValueCount(rows);
            root.setRowCount(rows);
        });
    }

    /** A column of text called code, as codes of a dictionary, over two batches; an empty string is missing. */
    static byte[] coded(Container container, CodecType codec, String... values) {
        try (BufferAllocator allocator = new RootAllocator();
                VarCharVector entries = new VarCharVector("entries", allocator);
                VarCharVector plain = new VarCharVector("code", allocator)) {
            List<String> distinct =
                    Arrays.stream(values).filter(v -> !v.isEmpty()).distinct().toList();
            for (int i = 0; i < distinct.size(); i++) {
                entries.setSafe(i, distinct.get(i).getBytes(UTF_8));
            }
            entries.setValueCount(distinct.size());
            for (int row = 0; row < values.length; row++) {
                if (values[row].isEmpty()) {
                    plain.setNull(row);
                } else {
                    plain.setSafe(row, values[row].getBytes(UTF_8));
                }
            }
            plain.setValueCount(values.length);
            Dictionary dictionary =
                    new Dictionary(entries, new DictionaryEncoding(3, false, new ArrowType.Int(16, true)));
            try (FieldVector codes = (FieldVector) DictionaryEncoder.encode(plain, dictionary)) {
                VectorSchemaRoot root = new VectorSchemaRoot(List.of(codes.getField()), List.of(codes), values.length);
                return write(container, codec, root, new DictionaryProvider.MapDictionaryProvider(dictionary), 2);
            }
        }
    }
}
