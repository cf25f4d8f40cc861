package io.gradstream.connectors.arrow;

import static io.gradstream.connectors.arrow.ArrowMessages.Container.FILE;
import static io.gradstream.connectors.arrow.ArrowMessages.Container.STREAM;
import static org.apache.arrow.vector.compression.CompressionUtil.CodecType.LZ4_FRAME;
import static org.apache.arrow.vector.compression.CompressionUtil.CodecType.NO_COMPRESSION;
import static org.apache.arrow.vector.compression.CompressionUtil.CodecType.ZSTD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.gradstream.connectors.rows.CodedColumn;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.FloatColumn;
import io.gradstream.connectors.rows.IntegerColumn;
import io.gradstream.connectors.rows.Kind;
import io.gradstream.connectors.rows.Limits;
import io.gradstream.connectors.rows.ListColumn;
import io.gradstream.connectors.rows.Origin;
import io.gradstream.connectors.rows.Projection;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.rows.TextColumn;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.Wanted;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Damaged messages end in the one exception or in columns that can be read, and never take more memory than the limit. */
class ArrowFuzzTest {
    private static final int MUTANTS_PER_SEED = 2_000;
    private static final Limits LIMITS = new Limits(4 << 20, 1 << 16);

    /** Metadata objects, columns and the exception: bounded by the size of the message, not by what it claims. */
    private static final long OVERHEAD = 256 << 10;

    private static final long OVERHEAD_PER_BYTE = 64;

    @Test
    void survivesDamage() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().threadId();
        Map<String, Integer> outcomes = new LinkedHashMap<>();
        for (var seed : seeds().entrySet()) {
            Mutations mutations = new Mutations(seed.getValue());
            Projection projection = projection(seed.getKey());
            ArrowFormat format = new ArrowFormat(LIMITS);
            format.decode(new Origin("t", 0, 0), seed.getValue(), projection);
            for (int i = 0; i < MUTANTS_PER_SEED; i++) {
                byte[] mutant = mutations.mutate(i);
                long before = threads.getThreadAllocatedBytes(self);
                String outcome;
                try {
                    var record = format.decode(new Origin("t", 0, i), mutant, projection);
                    outcome = "decoded";
                    long allocated = threads.getThreadAllocatedBytes(self) - before;
                    assertBounded(seed.getKey(), i, mutant, allocated);
                    record.blocks().forEach(ArrowFuzzTest::readAll);
                } catch (UndecodableException e) {
                    long allocated = threads.getThreadAllocatedBytes(self) - before;
                    assertBounded(seed.getKey(), i, mutant, allocated);
                    outcome = e.reason().label();
                } catch (RuntimeException | Error e) {
                    fail("seed=%s mutant=%d".formatted(seed.getKey(), i), e);
                    throw e;
                }
                outcomes.merge(outcome, 1, Integer::sum);
            }
        }
        assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThanOrEqualTo(20_000);
        assertThat(outcomes).containsKeys("decoded", "corrupt");
    }

    private static void assertBounded(String seed, int mutant, byte[] message, long allocated) {
        assertThat(allocated)
                .as("seed=%s mutant=%d", seed, mutant)
                .isLessThan(LIMITS.bytes() + OVERHEAD + OVERHEAD_PER_BYTE * message.length);
    }

    private static Map<String, byte[]> seeds() throws Exception {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        seeds.put("floats", ArrowMessages.floats(64, 4, NO_COMPRESSION));
        seeds.put("mixed", ArrowMessages.mixed(STREAM, NO_COMPRESSION, 64));
        seeds.put("mixed lz4", ArrowMessages.mixed(STREAM, LZ4_FRAME, 64));
        seeds.put("mixed zstd", ArrowMessages.mixed(STREAM, ZSTD, 64));
        seeds.put("mixed file", ArrowMessages.mixed(FILE, NO_COMPRESSION, 64));
        seeds.put("coded", ArrowMessages.coded(STREAM, NO_COMPRESSION, "red", "", "blue", "red"));
        seeds.put("coded file", ArrowMessages.coded(FILE, NO_COMPRESSION, "red", "", "blue", "red"));
        seeds.put("deltas", ArrowInteropTest.bytes("arrow-cpp/deltas.stream.arrow"));
        seeds.put("types", ArrowInteropTest.bytes("arrow-cpp/types.stream.arrow"));
        seeds.put("types lz4", ArrowInteropTest.bytes("arrow-cpp/types.lz4.stream.arrow"));
        seeds.put("types zstd", ArrowInteropTest.bytes("arrow-cpp/types.zstd.file.arrow"));
        return seeds;
    }

    private static Projection projection(String seed) {
        if (seed.startsWith("floats")) {
            return Projection.of(Wanted.required("f1", Kind.NUMBER), Wanted.required("label", Kind.NUMBER));
        } else if (seed.startsWith("mixed")) {
            return Projection.of(
                    Wanted.required("x", Kind.NUMBER),
                    Wanted.required("site", Kind.CATEGORY),
                    Wanted.required("tags", Kind.LIST));
        } else if (seed.startsWith("types")) {
            return Projection.of(
                    Wanted.required("i32", Kind.NUMBER),
                    Wanted.required("view", Kind.CATEGORY),
                    Wanted.required("code", Kind.CATEGORY),
                    Wanted.required("biglist", Kind.LIST),
                    Wanted.required("pair", Kind.LIST));
        }
        return Projection.of(Wanted.required("code", Kind.CATEGORY));
    }

    private static void readAll(RowBlock block) {
        block.columns().forEach(ArrowFuzzTest::readAll);
    }

    private static void readAll(Column column) {
        for (int row = 0; row < column.size(); row++) {
            if (!column.isNull(row)) {
                switch (column) {
                    case FloatColumn floats -> floats.number(row);
                    case IntegerColumn integers -> integers.integer(row);
                    case TextColumn text -> text.text(row);
                    case CodedColumn coded ->
                        assertThat(coded.dictionary().isNull(coded.code(row))).isFalse();
                    case ListColumn lists -> {
                        int length = lists.end(row) - lists.start(row);
                        assertThat(length).isBetween(0, lists.elements().size());
                    }
                }
            }
        }
        if (column instanceof ListColumn lists) {
            readAll(lists.elements());
        }
    }
}
