package io.gradstream.load.openloop;

import io.gradstream.config.BagFeature;
import io.gradstream.config.CategoricalFeature;
import io.gradstream.config.Configuration;
import io.gradstream.config.FeatureSettings;
import io.gradstream.config.NumericFeature;
import io.gradstream.config.SequenceFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Arrow messages with the columns a configuration asks for: normal numbers, a few thousand categories, labels of 0 and 1. */
public final class SyntheticEvents {
    private static final int CATEGORIES = 5000;
    private static final int LONGEST_BAG = 4;
    private static final ArrowType FLOAT = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);

    private final Configuration configuration;
    private final Schema schema;
    private final SplittableRandom random;

    public SyntheticEvents(Configuration configuration, long seed) {
        this.configuration = configuration;
        this.schema = schema(configuration);
        this.random = new SplittableRandom(seed);
    }

    private static Schema schema(Configuration configuration) {
        List<Field> fields = new ArrayList<>();
        for (FeatureSettings feature : configuration.features()) {
            fields.add(
                    switch (feature) {
                        case NumericFeature numeric -> Field.notNullable(numeric.column(), FLOAT);
                        case CategoricalFeature category ->
                            Field.notNullable(category.column(), ArrowType.Utf8.INSTANCE);
                        case BagFeature bag -> list(bag.column());
                        case SequenceFeature sequence -> list(sequence.column());
                    });
        }
        configuration.label().ifPresent(label -> fields.add(Field.notNullable(label.column(), FLOAT)));
        configuration.weight().ifPresent(weight -> fields.add(Field.notNullable(weight.column(), FLOAT)));
        return new Schema(fields);
    }

    private static Field list(String column) {
        return new Field(
                column,
                FieldType.notNullable(ArrowType.List.INSTANCE),
                List.of(Field.notNullable("item", ArrowType.Utf8.INSTANCE)));
    }

    /** One Arrow stream with this many rows. */
    public byte[] message(BufferAllocator allocator, int rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(bytes))) {
            for (FeatureSettings feature : configuration.features()) {
                switch (feature) {
                    case NumericFeature numeric -> numbers(root, numeric.column(), rows);
                    case CategoricalFeature category -> categories(root, category.column(), rows);
                    case BagFeature bag -> lists(root, bag.column(), rows);
                    case SequenceFeature sequence -> lists(root, sequence.column(), rows);
                }
            }
            configuration.label().ifPresent(label -> labels(root, label.column(), rows));
            configuration.weight().ifPresent(weight -> ones(root, weight.column(), rows));
            root.setRowCount(rows);
            writer.writeBatch();
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void numbers(VectorSchemaRoot root, String column, int rows) {
        Float4Vector vector = (Float4Vector) root.getVector(column);
        for (int row = 0; row < rows; row++) {
            vector.setSafe(row, (float) random.nextGaussian());
        }
    }

    private void categories(VectorSchemaRoot root, String column, int rows) {
        VarCharVector vector = (VarCharVector) root.getVector(column);
        for (int row = 0; row < rows; row++) {
            vector.setSafe(row, category());
        }
    }

    private void lists(VectorSchemaRoot root, String column, int rows) {
        ListVector vector = (ListVector) root.getVector(column);
        VarCharVector items = (VarCharVector) vector.getDataVector();
        int item = 0;
        for (int row = 0; row < rows; row++) {
            vector.startNewValue(row);
            int count = random.nextInt(LONGEST_BAG + 1);
            for (int i = 0; i < count; i++) {
                items.setSafe(item++, category());
            }
            vector.endValue(row, count);
        }
        items.setValueCount(item);
    }

    private byte[] category() {
        return ("category-" + random.nextInt(CATEGORIES)).getBytes(StandardCharsets.UTF_8);
    }

    private void labels(VectorSchemaRoot root, String column, int rows) {
        Float4Vector vector = (Float4Vector) root.getVector(column);
        for (int row = 0; row < rows; row++) {
            vector.setSafe(row, random.nextInt(2));
        }
    }

    private static void ones(VectorSchemaRoot root, String column, int rows) {
        Float4Vector vector = (Float4Vector) root.getVector(column);
        for (int row = 0; row < rows; row++) {
            vector.setSafe(row, 1);
        }
    }
}
