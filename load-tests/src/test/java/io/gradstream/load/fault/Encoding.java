package io.gradstream.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A schema for purchases: the type of each column, in the order in which a message has them. A column of which nobody heard holds
 * sevens; an integer type for the site stands for codes of a dictionary.
 */
record Encoding(SequencedMap<String, ArrowType> columns) {
    /** Small integers, plain texts and lists, labels that are true or false. */
    static final Encoding USUAL = new Encoding(columns(
            new ArrowType.Int(32, true),
            new ArrowType.Utf8(),
            new ArrowType.List(),
            new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE),
            new ArrowType.Bool()));

    private static final long SITES = 9;

    static SequencedMap<String, ArrowType> columns(
            ArrowType numbers, ArrowType site, ArrowType tags, ArrowType importance, ArrowType clicked) {
        SequencedMap<String, ArrowType> columns = new LinkedHashMap<>();
        columns.put("amount", numbers);
        columns.put("age", numbers);
        columns.put("site", site);
        columns.put("tags", tags);
        columns.put("importance", importance);
        columns.put("clicked", clicked);
        return columns;
    }

    /** One stream with one batch per so many rows. */
    byte[] message(List<Purchase> rows, int batchRows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BufferAllocator allocator = new RootAllocator();
                VarCharVector sites = sites(allocator);
                VectorSchemaRoot root = VectorSchemaRoot.create(schema(), allocator)) {
            MapDictionaryProvider dictionaries = new MapDictionaryProvider();
            if (coded()) {
                dictionaries.put(new Dictionary(sites, codes()));
            }
            try (ArrowStreamWriter writer = new ArrowStreamWriter(root, dictionaries, Channels.newChannel(bytes))) {
                for (int from = 0; from < rows.size(); from += batchRows) {
                    write(root, rows.subList(from, Math.min(rows.size(), from + batchRows)));
                    writer.writeBatch();
                }
                writer.end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void write(VectorSchemaRoot root, List<Purchase> rows) {
        root.allocateNew();
        for (FieldVector column : root.getFieldVectors()) {
            for (int row = 0; row < rows.size(); row++) {
                Object value = rows.get(row).value(column.getName());
                boolean site = column.getName().equals("site");
                Cells.put(column, row, site && coded() && value instanceof String code ? Integer.valueOf(code) : value);
            }
        }
        root.setRowCount(rows.size());
    }

    private boolean coded() {
        return columns.get("site") instanceof ArrowType.Int;
    }

    private DictionaryEncoding codes() {
        return new DictionaryEncoding(SITES, false, (ArrowType.Int) columns.get("site"));
    }

    private Schema schema() {
        List<Field> fields = new ArrayList<>();
        columns.forEach((name, type) -> fields.add(
                switch (name) {
                    case "site" ->
                        coded()
                                ? new Field(name, new FieldType(true, type, codes()), null)
                                : Field.nullable(name, type);
                    case "tags" ->
                        new Field(
                                name,
                                FieldType.nullable(type),
                                List.of(Field.nullable("item", new ArrowType.Int(32, true))));
                    default -> Field.nullable(name, type);
                }));
        return new Schema(fields);
    }

    private static VarCharVector sites(BufferAllocator allocator) {
        VarCharVector sites = new VarCharVector("sites", allocator);
        for (int i = 0; i < Purchase.SITES; i++) {
            sites.setSafe(i, Integer.toString(i).getBytes(UTF_8));
        }
        sites.setValueCount(Purchase.SITES);
        return sites;
    }
}
