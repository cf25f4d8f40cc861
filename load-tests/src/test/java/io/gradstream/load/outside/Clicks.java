package io.gradstream.load.outside;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jpountz.xxhash.XXHashFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Made-up clicks and the Arrow messages that carry them, written by Arrow's own library. */
final class Clicks {
    private static final Schema SCHEMA = new Schema(List.of(
            Field.notNullable("score", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
            Field.nullable("age", new ArrowType.Int(32, true)),
            Field.notNullable("ignored", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
            Field.notNullable("site", ArrowType.Utf8.INSTANCE),
            Field.notNullable("ratio", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
            Field.notNullable("member", new ArrowType.Bool()),
            Field.notNullable("importance", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
            Field.notNullable("clicked", new ArrowType.Bool())));

    private final SplittableRandom random;

    Clicks(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** One row. */
    record Click(
            float score,
            @Nullable Integer age,
            String site,
            double ratio,
            boolean member,
            float importance,
            boolean clicked) {

        /** The numeric inputs in the order of the configuration's features; a missing age counts as −1. */
        float[] numbers() {
            return new float[] {age == null ? -1 : age, score, (float) ratio, member ? 1 : 0};
        }

        /** The bucket of the site, by the documented rule: XXH64 of the text, modulo the buckets. */
        long bucket(int buckets) {
            byte[] text = site.getBytes(StandardCharsets.UTF_8);
            long hash = XXHashFactory.safeInstance().hash64().hash(text, 0, text.length, 0);
            return Long.remainderUnsigned(hash, buckets);
        }
    }

    List<Click> next(int count) {
        return IntStream.range(0, count).mapToObj(i -> next()).toList();
    }

    private Click next() {
        float score = (float) random.nextGaussian();
        Integer age = random.nextInt(10) == 0 ? null : random.nextInt(-3, 4);
        double ratio = random.nextDouble();
        boolean member = random.nextBoolean();
        int site = random.nextInt(20);
        double logit = (site % 3) - 1 + 1.5 * score - (age == null ? 0 : 0.5 * age) + (member ? 1 : -1) * ratio;
        boolean clicked = random.nextDouble() < 1 / (1 + Math.exp(-logit));
        return new Click(score, age, "site-" + site, ratio, member, (float) random.nextDouble(0.25, 4), clicked);
    }

    /** One Arrow stream that holds the rows in batches of the given size. */
    static byte[] message(BufferAllocator allocator, List<Click> clicks, int batch) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (VectorSchemaRoot root = VectorSchemaRoot.create(SCHEMA, allocator);
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(bytes))) {
            for (int from = 0; from < clicks.size(); from += batch) {
                fill(root, clicks.subList(from, Math.min(from + batch, clicks.size())));
                writer.writeBatch();
            }
            writer.end();
        }
        return bytes.toByteArray();
    }

    private static void fill(VectorSchemaRoot root, List<Click> clicks) {
        root.clear();
        for (int row = 0; row < clicks.size(); row++) {
            Click click = clicks.get(row);
            ((Float4Vector) root.getVector("score")).setSafe(row, click.score());
            IntVector age = (IntVector) root.getVector("age");
            if (click.age() == null) {
                age.setNull(row);
            } else {
                age.setSafe(row, click.age());
            }
            ((Float4Vector) root.getVector("ignored")).setSafe(row, Float.NaN);
            ((VarCharVector) root.getVector("site")).setSafe(row, click.site().getBytes(StandardCharsets.UTF_8));
            ((Float8Vector) root.getVector("ratio")).setSafe(row, click.ratio());
            ((BitVector) root.getVector("member")).setSafe(row, click.member() ? 1 : 0);
            ((Float4Vector) root.getVector("importance")).setSafe(row, click.importance());
            ((BitVector) root.getVector("clicked")).setSafe(row, click.clicked() ? 1 : 0);
        }
        root.setRowCount(clicks.size());
    }
}
