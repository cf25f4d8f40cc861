package io.gradstream.pipeline.features;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.rows.Wanted;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeaturesTest {
    private static final String NUMBERS_AND_CATEGORIES = """
            name: test
            source: {topics: [events]}
            features:
              - {column: plain, type: numeric, missing: -1}
              - {column: site, type: categorical, buckets: 1000}
              - {column: scaled, type: numeric, scale: standardize, missing: 2}
              - {column: tags, type: bag, buckets: 1000}
              - {column: amount, type: numeric, scale: log1p}
            label: {column: y}
            weight: {column: w}
            model: {type: linear}
            loss: binary-cross-entropy
            """;

    private static final ModelSpec MODEL = new ModelSpec(
            List.of(
                    new InputColumn.Numeric("plain"),
                    new InputColumn.Categorical("site", 1000, 16),
                    new InputColumn.Numeric("scaled"),
                    new InputColumn.Bag("tags", 1000, 16, Combine.MEAN),
                    new InputColumn.Numeric("amount")),
            new Architecture.Linear(),
            1);

    private final List<MicroBatch> batches = new ArrayList<>();

    private static Configuration configuration(String... overrides) {
        return ConfigurationLoader.parse("test.yaml", NUMBERS_AND_CATEGORIES, List.of(overrides), Map.of());
    }

    private MicroBatch batch(int capacity) {
        MicroBatch batch = new MicroBatch(MODEL, capacity);
        batches.add(batch);
        return batch;
    }

    @AfterEach
    void closeBatches() {
        batches.forEach(MicroBatch::close);
    }

    private static RowBlock block(Column... columns) {
        return new RowBlock(0, columns[0].size(), List.of(columns));
    }

    /** Five rows without fault. */
    private static RowBlock five() {
        return block(
                Columns.floats(1f, null, 3f, 4f, 5f),
                Columns.texts("a", "b", null, "a", ""),
                Columns.doubles(1.0, 2.0, null, 4.0, 10.0),
                Columns.lists(Columns.texts("x", "y", null, "z"), 2, null, 0, 1, 1),
                Columns.longs(0L, 1L, -1L, null, 1_000_000L),
                Columns.longs(0L, 1L, 1L, 0L, 1L),
                Columns.doubles(1.0, 0.0, 2.0, 0.5, 1.0));
    }

    private static final Features.Rejections NONE = (row, reason, detail) -> {
        throw new AssertionError("row must be without fault: row=" + row + " " + detail);
    };

    private static float[] dense(MicroBatch batch, int column) {
        float[] values = new float[batch.rows()];
        for (int row = 0; row < values.length; row++) {
            values[row] = batch.dense().getAtIndex(JAVA_FLOAT, row * 3L + column);
        }
        return values;
    }

    private static int[] ints(java.lang.foreign.MemorySegment segment, int count) {
        return IntStream.range(0, count)
                .map(i -> segment.getAtIndex(JAVA_INT, i))
                .toArray();
    }

    private static float[] floats(java.lang.foreign.MemorySegment segment, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = segment.getAtIndex(JAVA_FLOAT, i);
        }
        return values;
    }

    @Test
    void wantsTheColumnsOfTheConfiguration() {
        assertThat(new Features(configuration()).projection().wanted())
                .extracting(Wanted::name)
                .containsExactly("plain", "site", "scaled", "tags", "amount", "y", "w");
    }

    @Test
    void writesEveryColumnToItsPlace() {
        MicroBatch batch = batch(8);
        new Features(configuration()).encode(five(), 0, 5, batch, NONE);
        assertThat(batch.rows()).isEqualTo(5);
        assertThat(dense(batch, 0)).containsExactly(1, -1, 3, 4, 5);
        assertThat(dense(batch, 2))
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(0, (float) Math.log(2), (float) -Math.log(2), 0, (float) Math.log(1_000_001));
        Buckets buckets = new Buckets(1000);
        Column sites = Columns.texts("a", "b", null, "a", "", "x", "y", "z");
        assertThat(ints(batch.ids(0), 5))
                .containsExactly(IntStream.range(0, 5)
                        .map(row -> buckets.bucket(sites, row))
                        .toArray());
        assertThat(ints(batch.bagOffsets(0), 6)).containsExactly(0, 2, 2, 2, 2, 3);
        assertThat(ints(batch.bagIds(0), 3))
                .containsExactly(IntStream.range(5, 8)
                        .map(row -> buckets.bucket(sites, row))
                        .toArray());
        assertThat(floats(batch.label(), 5)).containsExactly(0, 1, 1, 0, 1);
        assertThat(floats(batch.weight(), 5)).containsExactly(1, 0, 2, 0.5f, 1);
    }

    @Test
    void standardizesByTheRowsSoFarAndTheRowItself() {
        MicroBatch batch = batch(8);
        new Features(configuration()).encode(five(), 0, 5, batch, NONE);
        double[] numbers = {1, 2, 2, 4, 10};
        for (int row = 0; row < 5; row++) {
            double[] soFar = java.util.Arrays.copyOf(numbers, row + 1);
            double mean = java.util.Arrays.stream(soFar).average().orElseThrow();
            double variance = java.util.Arrays.stream(soFar)
                    .map(number -> (number - mean) * (number - mean))
                    .average()
                    .orElseThrow();
            double expected = variance == 0 ? 0 : (numbers[row] - mean) / Math.sqrt(variance);
            assertThat((double) dense(batch, 1)[row]).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void leavesWeightsAtOneWithoutAWeightColumn() {
        MicroBatch batch = batch(5);
        new Features(configuration("weight=")).encode(five(), 0, 5, batch, NONE);
        assertThat(floats(batch.weight(), 5)).containsOnly(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void writesTheSameHoweverRowsAreCut(int piece) {
        MicroBatch whole = batch(10);
        Features atOnce = new Features(configuration());
        atOnce.encode(five(), 0, 5, whole, NONE);
        atOnce.encode(five(), 0, 5, whole, NONE);
        MicroBatch cut = batch(10);
        Features inPieces = new Features(configuration());
        for (int turn = 0; turn < 2; turn++) {
            for (int from = 0; from < 5; from += piece) {
                inPieces.encode(five(), from, Math.min(piece, 5 - from), cut, NONE);
            }
        }
        assertSame(cut, whole);
        assertThat(inPieces.snapshot()).isEqualTo(atOnce.snapshot());
    }

    private static void assertSame(MicroBatch actual, MicroBatch expected) {
        assertThat(actual.rows()).isEqualTo(expected.rows());
        for (int column = 0; column < 3; column++) {
            assertThat(dense(actual, column)).isEqualTo(dense(expected, column));
        }
        int rows = expected.rows();
        assertThat(ints(actual.ids(0), rows)).isEqualTo(ints(expected.ids(0), rows));
        assertThat(ints(actual.bagOffsets(0), rows + 1)).isEqualTo(ints(expected.bagOffsets(0), rows + 1));
        int bags = expected.bagSize(0);
        assertThat(ints(actual.bagIds(0), bags)).isEqualTo(ints(expected.bagIds(0), bags));
        assertThat(floats(actual.label(), rows)).isEqualTo(floats(expected.label(), rows));
        assertThat(floats(actual.weight(), rows)).isEqualTo(floats(expected.weight(), rows));
    }

    @Test
    void leavesNoTraceOfRowsWithFaults() {
        RowBlock faulty = block(
                Columns.floats(Float.NaN, 1f, 2f, null, 4f, 5f, 6f),
                Columns.texts("a", "b", "c", "d", "e", "f", "g"),
                Columns.doubles(1.0, 2.0, Double.POSITIVE_INFINITY, 4.0, 5.0, 6.0, 1e300),
                Columns.lists(Columns.longs(1L, 2L, 3L, 4L, 5L, 6L, 7L), 1, 1, 1, 1, 1, 1, 1),
                Columns.longs(1L, 2L, 3L, 4L, 5L, 6L, 7L),
                Columns.doubles(1.0, 0.0, 1.0, null, 2.0, 0.0, 1.0),
                Columns.doubles(1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0));
        List<String> rejected = new ArrayList<>();
        MicroBatch batch = batch(7);
        Features features = new Features(configuration());
        features.encode(faulty, 0, 7, batch, (row, reason, detail) -> rejected.add(row + " " + reason + ": " + detail));
        assertThat(rejected)
                .containsExactly(
                        "0 not-finite: numbers must be finite as floats: plain=NaN",
                        "2 not-finite: numbers must be finite as floats: scaled=Infinity",
                        "3 missing-label: label must be given: y=null",
                        "4 bad-label: label must be 0 or 1: y=2.0",
                        "5 bad-weight: weight must be finite and not negative: w=-1.0",
                        "6 not-finite: numbers must be finite as floats: scaled=1.0E300");

        MicroBatch clean = batch(7);
        Features fresh = new Features(configuration());
        fresh.encode(faulty, 1, 1, clean, NONE);
        assertSame(batch, clean);
        assertThat(features.snapshot()).isEqualTo(fresh.snapshot());
    }

    @Test
    void rejectsARowOnceForItsFirstFault() {
        RowBlock faulty = block(
                Columns.floats(Float.NaN),
                Columns.texts("a"),
                Columns.doubles(Double.NaN),
                Columns.lists(Columns.doubles(1.5), 1),
                Columns.longs(1L),
                Columns.doubles((Double) null),
                Columns.doubles((Double) null));
        List<String> reasons = new ArrayList<>();
        new Features(configuration()).encode(faulty, 0, 1, batch(1), (row, reason, detail) -> reasons.add(reason));
        assertThat(reasons).containsExactly("missing-label");
    }

    @Test
    void rejectsFractionsAsCategories() {
        RowBlock faulty = block(
                Columns.floats(1f, 2f),
                Columns.texts("a", "b"),
                Columns.doubles(1.0, 2.0),
                Columns.lists(Columns.doubles(3.0, null, 1.5), 2, 1),
                Columns.longs(1L, 2L),
                Columns.longs(1L, 0L),
                Columns.longs(1L, 1L));
        List<String> rejected = new ArrayList<>();
        MicroBatch batch = batch(2);
        new Features(configuration())
                .encode(faulty, 0, 2, batch, (row, reason, detail) -> rejected.add(row + " " + detail));
        assertThat(rejected).containsExactly("1 categories must be texts or whole numbers: tags=1.5");
        assertThat(ints(batch.bagIds(0), 1)).containsExactly(new Buckets(1000).bucket(Columns.texts("3"), 0));
    }

    @ParameterizedTest
    @CsvSource({
        "binary-cross-entropy, 1, 0.5, 'label must be 0 or 1: y=0.5'",
        "binary-cross-entropy, 1, NaN, 'label must be 0 or 1: y=NaN'",
        "cross-entropy, 3, 3, 'label must be a class from 0 to 2: y=3.0'",
        "cross-entropy, 3, -1, 'label must be a class from 0 to 2: y=-1.0'",
        "cross-entropy, 3, 1.5, 'label must be a class from 0 to 2: y=1.5'",
        "mse, 1, Infinity, 'label must be finite as a float: y=Infinity'",
        "mse, 1, 1e39, 'label must be finite as a float: y=1.0E39'",
    })
    void rejectsLabelsThatTheLossCannotUse(String loss, int outputs, double label, String detail) {
        LabelEncoding encoding = LabelEncoding.of(
                configuration("loss=" + loss, "model.outputs=" + outputs).loss(), "y", outputs);
        RowFaults faults = new RowFaults();
        encoding.check(Columns.doubles(0.0, label, 1.0), 0, 3, faults);
        List<String> details = new ArrayList<>();
        for (int row = 0; row < 3; row++) {
            faults.report(row, (at, reason, text) -> details.add(text));
        }
        assertThat(details).containsExactly(detail);
    }

    @Test
    void writesClassesAsIntegersAndBooleansAsNumbers() {
        MicroBatch batch = batch(3);
        new ClassLabel("y", 3).write(Columns.doubles(2.0, 0.0, 1.0), 0, 3, batch, 0);
        assertThat(ints(batch.label(), 3)).containsExactly(2, 0, 1);
        new BinaryLabel("y").write(Columns.bools(0b101, 3), 0, 3, batch, 0);
        assertThat(floats(batch.label(), 3)).containsExactly(1, 0, 1);
    }

    @Test
    void goesOnFromASnapshotBitForBit() {
        Features first = new Features(configuration());
        first.encode(five(), 0, 5, batch(5), NONE);
        Features second = new Features(configuration());
        second.restore(first.snapshot());
        MicroBatch fromFirst = batch(5);
        MicroBatch fromSecond = batch(5);
        first.encode(five(), 0, 5, fromFirst, NONE);
        second.encode(five(), 0, 5, fromSecond, NONE);
        assertSame(fromSecond, fromFirst);
        assertThat(second.snapshot()).isEqualTo(first.snapshot());
    }

    @Test
    void refusesTheSnapshotOfOtherFeatures() {
        Features without = new Features(configuration("features[2].scale=none"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> without.restore(new Features(configuration()).snapshot()))
                .withMessageContaining("features.standardize.scaled");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Features(configuration()).restore(without.snapshot()));
    }

    @Test
    void allocatesNothingPerRow() {
        int rows = 1000;
        Random random = new Random(7);
        @Nullable Double[] numbers = new @Nullable Double[rows];
        Long[] integers = new Long[rows];
        Integer[] lengths = new Integer[rows];
        Long[] labels = new Long[rows];
        String[] texts = new String[rows];
        for (int i = 0; i < rows; i++) {
            numbers[i] = random.nextInt(9) == 0 ? null : random.nextGaussian();
            integers[i] = random.nextLong(1000);
            lengths[i] = 1;
            labels[i] = (long) random.nextInt(2);
            texts[i] = "site-" + random.nextInt(50);
        }
        RowBlock block = block(
                Columns.doubles(numbers),
                Columns.coded(Columns.texts(texts), integers),
                Columns.doubles(numbers),
                Columns.lists(Columns.longs(integers), lengths),
                Columns.longs(integers),
                Columns.longs(labels),
                Columns.longs(labels));
        Features features = new Features(configuration());
        MicroBatch batch = batch(rows);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 200 && allocated > rows; round++) {
            batch.rows(0);
            long before = threads.getCurrentThreadAllocatedBytes();
            features.encode(block, 0, rows, batch, NONE);
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).as("bytes for %d rows", rows).isLessThanOrEqualTo(rows);
    }
}
