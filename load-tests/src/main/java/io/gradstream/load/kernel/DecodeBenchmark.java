package io.gradstream.load.kernel;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.arrow.ArrowFormat;
import io.gradstream.connectors.rows.DecodedRecord;
import io.gradstream.connectors.rows.Limits;
import io.gradstream.connectors.rows.Origin;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.load.openloop.SyntheticEvents;
import io.gradstream.pipeline.features.Features;
import io.gradstream.pipeline.trainer.StepSpecs;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One Arrow message of 1024 rows: read alone, and read and encoded into a micro-batch.
 *
 * <pre>{@code
 * ./gradstream bench --help   # builds
 * java $(cat pipeline/target/gradstream/jvm.flags) -cp 'load-tests/target/lib/*' org.openjdk.jmh.Main DecodeBenchmark
 * }</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecodeBenchmark {
    private static final int ROWS = 1024;
    private static final Origin ORIGIN = new Origin("bench", 0, 0);

    /** What the message carries besides its label. */
    public enum Columns {
        NUMBERS_32,
        CATEGORIES_8
    }

    @Param
    private Columns columns = Columns.NUMBERS_32;

    private final ArrowFormat format = new ArrowFormat(Limits.DEFAULT);
    private byte[] message = {};
    private Features features = new Features(configuration(Columns.NUMBERS_32));
    private MicroBatch batch =
            new MicroBatch(StepSpecs.of(configuration(Columns.NUMBERS_32)).model(), ROWS);

    @Setup
    public void makeMessage() {
        Configuration configuration = configuration(columns);
        features = new Features(configuration);
        batch.close();
        batch = new MicroBatch(StepSpecs.of(configuration).model(), ROWS);
        try (BufferAllocator allocator = new RootAllocator()) {
            message = new SyntheticEvents(configuration, 7).message(allocator, ROWS);
        }
    }

    @TearDown
    public void close() {
        batch.close();
    }

    @Benchmark
    public DecodedRecord decode() throws UndecodableException {
        return format.decode(ORIGIN, message, features.projection());
    }

    @Benchmark
    public int decodeAndEncode() throws UndecodableException {
        batch.rows(0);
        for (RowBlock block : decode().blocks()) {
            features.encode(block, 0, block.rows(), batch, (row, reason, detail) -> {
                throw new IllegalStateException(detail);
            });
        }
        return batch.rows();
    }

    private static Configuration configuration(Columns columns) {
        String features = switch (columns) {
            case NUMBERS_32 -> lines(32, "x%d, type: numeric");
            case CATEGORIES_8 -> lines(8, "c%d, type: categorical, buckets: 1000, dimension: 4");
        };
        return ConfigurationLoader.parse("benchmark", """
                name: benchmark
                source: {topics: [benchmark]}
                features:
                %s
                label: {column: clicked}
                model: {type: linear}
                loss: binary-cross-entropy
                """.formatted(features), List.of(), Map.of());
    }

    private static String lines(int count, String column) {
        return IntStream.range(0, count)
                .mapToObj(i -> "  - {column: " + column.formatted(i) + "}")
                .collect(Collectors.joining("\n"));
    }
}
