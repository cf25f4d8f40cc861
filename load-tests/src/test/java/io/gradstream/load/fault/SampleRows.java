package io.gradstream.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
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
import org.jspecify.annotations.Nullable;

/**
 * Valid messages of many schemas for one configuration: its columns {@code amount}, {@code age}, {@code site}, {@code tags},
 * {@code history}, {@code importance} and {@code clicked} come in every type that they may have.
 */
final class SampleRows {
    /** The columns as a configuration names them. */
    static final String FEATURES = """
            features:
              - {column: amount, type: numeric, scale: log1p}
              - {column: age, type: numeric, scale: standardize}
              - {column: site, type: categorical, buckets: 64, dimension: 3}
              - {column: tags, type: bag, buckets: 64, dimension: 3}
              - {column: history, type: sequence, buckets: 64, dimension: 4, length: 4}
            label: {column: clicked}
            weight: {column: importance}
            """;

    private static final int MOST_ROWS = 12;
    private static final int WORDS = 40;
    private static final long SITES = 5;

    private static final List<ArrowType> INTEGERS = List.of(
            new ArrowType.Int(8, true),
            new ArrowType.Int(16, true),
            new ArrowType.Int(32, true),
            new ArrowType.Int(64, true),
            new ArrowType.Int(8, false),
            new ArrowType.Int(16, false),
            new ArrowType.Int(32, false),
            new ArrowType.Int(64, false));
    private static final List<ArrowType> FLOATS = List.of(
            new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE),
            new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));
    private static final List<ArrowType> TEXTS =
            List.of(new ArrowType.Utf8(), new ArrowType.LargeUtf8(), new ArrowType.Binary());
    private static final List<CodecType> CODECS =
            List.of(CodecType.NO_COMPRESSION, CodecType.NO_COMPRESSION, CodecType.LZ4_FRAME, CodecType.ZSTD);

    private final SplittableRandom random;

    SampleRows(SplittableRandom random) {
        this.random = random;
    }

    /** A stream or a file of one to three batches, in a schema of its own. */
    byte[] arrow() {
        boolean coded = random.nextInt(3) == 0;
        DictionaryEncoding encoding = new DictionaryEncoding(SITES, false, new ArrowType.Int(coded ? 16 : 32, true));
        Schema schema = new Schema(shuffled(List.of(
                nullable("amount", any(FLOATS)),
                nullable("age", any(random.nextBoolean() ? INTEGERS : FLOATS)),
                coded
                        ? new Field("site", new FieldType(true, encoding.getIndexType(), encoding), null)
                        : nullable("site", any(random.nextInt(4) == 0 ? INTEGERS : TEXTS)),
                list("tags", any(random.nextBoolean() ? INTEGERS : TEXTS)),
                list("history", any(random.nextBoolean() ? INTEGERS : TEXTS)),
                required("importance", any(FLOATS)),
                required("clicked", random.nextBoolean() ? new ArrowType.Bool() : any(INTEGERS)),
                nullable("unwanted", any(TEXTS)))));
        try (BufferAllocator allocator = new RootAllocator();
                VarCharVector words = words(allocator);
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
            MapDictionaryProvider dictionaries = new MapDictionaryProvider();
            if (coded) {
                dictionaries.put(new Dictionary(words, encoding));
            }
            return write(root, dictionaries);
        }
    }

    /** One object, or an array of some. */
    byte[] json() {
        boolean numbers = random.nextBoolean();
        boolean array = random.nextInt(4) > 0;
        StringJoiner rows = array ? new StringJoiner(", ", "[", "]") : new StringJoiner("");
        for (int i = array ? random.nextInt(MOST_ROWS) : 0; i >= 0; i--) {
            rows.add(jsonRow(numbers));
        }
        return rows.toString().getBytes(UTF_8);
    }

    private String jsonRow(boolean numbers) {
        List<String> fields = List.of(
                "\"amount\": " + (random.nextInt(8) == 0 ? "null" : random.nextDouble(-100, 100)),
                "\"age\": " + random.nextInt(100),
                "\"site\": \"" + word() + '"',
                "\"tags\": [" + (numbers ? "1, 22, 333" : "\"" + word() + "\", \"" + word() + '"') + ']',
                "\"history\": [" + random.nextInt(50) + ", " + random.nextInt(50) + ']',
                "\"importance\": " + random.nextDouble(0.5, 2),
                "\"clicked\": " + random.nextBoolean(),
                "\"unwanted\": {\"deep\": [[], {\"er\": null}]}");
        return "{" + String.join(", ", shuffled(fields)) + "}";
    }

    private byte[] write(VectorSchemaRoot root, MapDictionaryProvider dictionaries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ArrowWriter writer = writer(root, dictionaries, bytes)) {
            writer.start();
            for (int batch = random.nextInt(3); batch >= 0; batch--) {
                int rows = 1 + random.nextInt(MOST_ROWS);
                root.allocateNew();
                for (FieldVector vector : root.getFieldVectors()) {
                    for (int row = 0; row < rows; row++) {
                        Cells.put(vector, row, value(vector.getField()));
                    }
                }
                root.setRowCount(rows);
                writer.writeBatch();
            }
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private ArrowWriter writer(VectorSchemaRoot root, MapDictionaryProvider dictionaries, ByteArrayOutputStream to) {
        CodecType codec = any(CODECS);
        CompressionCodec.Factory codecs = codec == CodecType.NO_COMPRESSION
                ? NoCompressionCodec.Factory.INSTANCE
                : CommonsCompressionFactory.INSTANCE;
        var channel = Channels.newChannel(to);
        return random.nextInt(3) == 0
                ? new ArrowFileWriter(root, dictionaries, channel, null, IpcOption.DEFAULT, codecs, codec)
                : new ArrowStreamWriter(root, dictionaries, channel, IpcOption.DEFAULT, codecs, codec);
    }

    private @Nullable Object value(Field field) {
        if (field.isNullable() && random.nextInt(10) == 0) {
            return null;
        }
        return switch (field.getType()) {
            case ArrowType.FloatingPoint _ -> random.nextDouble(0.5, 2);
            case ArrowType.Int _, ArrowType.Bool _ ->
                random.nextInt(field.getName().equals("clicked") ? 2 : WORDS);
            case ArrowType.FixedSizeList list -> list(field.getChildren().getFirst(), list.getListSize());
            case ArrowType.List _, ArrowType.LargeList _ ->
                list(field.getChildren().getFirst(), random.nextInt(4));
            default -> word();
        };
    }

    private List<@Nullable Object> list(Field element, int count) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(value(element));
        }
        return values;
    }

    private static VarCharVector words(BufferAllocator allocator) {
        VarCharVector words = new VarCharVector("words", allocator);
        for (int i = 0; i < WORDS; i++) {
            words.setSafe(i, ("word-" + i).getBytes(UTF_8));
        }
        words.setValueCount(WORDS);
        return words;
    }

    private String word() {
        return "word-" + random.nextInt(WORDS);
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private <T> List<T> shuffled(List<T> values) {
        List<T> shuffled = new ArrayList<>();
        values.forEach(value -> shuffled.add(random.nextInt(shuffled.size() + 1), value));
        return shuffled;
    }

    private Field list(String name, ArrowType element) {
        ArrowType type = any(List.of(new ArrowType.List(), new ArrowType.LargeList(), new ArrowType.FixedSizeList(3)));
        return new Field(name, FieldType.nullable(type), List.of(nullable("item", element)));
    }

    private static Field nullable(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }

    private static Field required(String name, ArrowType type) {
        return new Field(name, FieldType.notNullable(type), null);
    }
}
