package io.gradstream.pipeline;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;

/** Arrow messages as Arrow Java writes them: two features, a weight and a label that depends on the features. */
final class TestMessages {
    private TestMessages() {}

    static byte[] rows(long seed, int count) {
        try (BufferAllocator allocator = new RootAllocator();
                Float4Vector x = new Float4Vector("x", allocator);
                Float8Vector y = new Float8Vector("y", allocator);
                Float4Vector importance = new Float4Vector("importance", allocator);
                IntVector clicked = new IntVector("clicked", allocator)) {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < count; i++) {
                double first = random.nextDouble(-1, 1);
                double second = random.nextDouble(-1, 1);
                x.setSafe(i, (float) first);
                y.setSafe(i, second);
                importance.setSafe(i, (float) random.nextDouble(0.5, 2));
                clicked.setSafe(i, 3 * first - 2 * second + random.nextDouble(-1, 1) > 0 ? 1 : 0);
            }
            return message(count, x, y, importance, clicked);
        }
    }

    static byte[] withoutLabel(int count) {
        try (BufferAllocator allocator = new RootAllocator();
                Float4Vector x = new Float4Vector("x", allocator);
                Float4Vector y = new Float4Vector("y", allocator);
                Float4Vector importance = new Float4Vector("importance", allocator)) {
            ones(count, x, y, importance);
            return message(count, x, y, importance);
        }
    }

    static byte[] withTextLabel(int count) {
        try (BufferAllocator allocator = new RootAllocator();
                Float4Vector x = new Float4Vector("x", allocator);
                Float4Vector y = new Float4Vector("y", allocator);
                Float4Vector importance = new Float4Vector("importance", allocator);
                VarCharVector clicked = new VarCharVector("clicked", allocator)) {
            ones(count, x, y, importance);
            for (int i = 0; i < count; i++) {
                clicked.setSafe(i, "yes".getBytes(StandardCharsets.UTF_8));
            }
            return message(count, x, y, importance, clicked);
        }
    }

    private static void ones(int count, Float4Vector... vectors) {
        for (Float4Vector vector : vectors) {
            for (int i = 0; i < count; i++) {
                vector.setSafe(i, 1);
            }
        }
    }

    private static byte[] message(int count, FieldVector... vectors) {
        List.of(vectors).forEach(vector -> vector.setValueCount(count));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (VectorSchemaRoot root = VectorSchemaRoot.of(vectors);
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, bytes)) {
            root.setRowCount(count);
            writer.writeBatch();
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
