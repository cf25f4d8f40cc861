package io.gradstream.autodiff.step;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.op.Combine;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MicroBatchTest {
    private static final int LENGTH = 3;
    private static final ModelSpec MODEL = new ModelSpec(
            List.of(
                    new InputColumn.Numeric("a"),
                    new InputColumn.Categorical("site", 50, 2),
                    new InputColumn.Numeric("b"),
                    new InputColumn.Bag("tags", 50, 2, Combine.SUM),
                    new InputColumn.Sequence("clicks", 50, 2, LENGTH)),
            new Architecture.Linear(),
            1);

    @Test
    void closesTheGapOfARemovedRow() {
        for (int gap = 0; gap < 5; gap++) {
            try (MicroBatch batch = filled(8, 0, 1, 2, 3, 4)) {
                batch.remove(gap);
                int removed = gap;
                assertSame(
                        batch, IntStream.range(0, 5).filter(i -> i != removed).toArray());
            }
        }
    }

    @Test
    void keepsSomeRows() {
        try (MicroBatch batch = filled(8, 0, 1, 2, 3, 4, 5)) {
            batch.keep(rows(1, 2, 5));
            assertSame(batch, 1, 2, 5);
            batch.keep(rows());
            assertSame(batch);
        }
    }

    @Test
    void takesRowsOfAnotherWithRoomForTheirBags() {
        try (MicroBatch from = filled(64, IntStream.range(0, 40).toArray());
                MicroBatch to = filled(4, 7, 8, 9, 10)) {
            to.take(from, rows(0, 30, 39));
            assertSame(to, 0, 30, 39);
            assertThat(from.rows()).isEqualTo(40);
        }
    }

    @Test
    void weighsOneWhereNoRowIsLeft() {
        try (MicroBatch batch = filled(8, 3, 4, 5)) {
            batch.remove(0);
            assertThat(batch.weight().getAtIndex(JAVA_FLOAT, 2)).isEqualTo(1);
        }
    }

    @Test
    void takesOnlyRowsThatAreThereAndFit() {
        try (MicroBatch from = filled(8, 0, 1, 2, 3, 4);
                MicroBatch to = filled(4)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> to.take(from, rows(5)))
                    .withMessage("taken rows must be there and fit: rows=5 last=5 taken=1 capacity=4");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> to.take(from, rows(0, 1, 2, 3, 4)))
                    .withMessage("taken rows must be there and fit: rows=5 last=4 taken=5 capacity=4");
        }
    }

    private static BitSet rows(int... rows) {
        BitSet set = new BitSet();
        IntStream.of(rows).forEach(set::set);
        return set;
    }

    /** Rows of some numbers, of which everything can be told from its number. */
    private static MicroBatch filled(int capacity, int... numbers) {
        MicroBatch batch = new MicroBatch(MODEL, capacity);
        batch.rows(numbers.length);
        int tags = 0;
        for (int row = 0; row < numbers.length; row++) {
            int number = numbers[row];
            batch.dense().setAtIndex(JAVA_FLOAT, 2L * row, number);
            batch.dense().setAtIndex(JAVA_FLOAT, 2L * row + 1, -number);
            batch.ids(0).setAtIndex(JAVA_INT, row, number);
            batch.bagOffsets(0).setAtIndex(JAVA_INT, row, tags);
            batch.ensureBagCapacity(0, tags + number % 4);
            for (int i = 0; i < number % 4; i++) {
                batch.bagIds(0).setAtIndex(JAVA_INT, tags++, number + i);
            }
            for (int i = 0; i < LENGTH; i++) {
                batch.sequenceIds(0).setAtIndex(JAVA_INT, (long) row * LENGTH + i, number + 2 * i);
            }
            batch.sequenceLengths(0).setAtIndex(JAVA_INT, row, number % LENGTH);
            batch.label().setAtIndex(JAVA_FLOAT, row, number + 0.5f);
            batch.weight().setAtIndex(JAVA_FLOAT, row, number + 0.25f);
        }
        batch.bagOffsets(0).setAtIndex(JAVA_INT, numbers.length, tags);
        return batch;
    }

    private static void assertSame(MicroBatch batch, int... numbers) {
        try (MicroBatch expected = filled(Math.max(1, numbers.length), numbers)) {
            assertThat(content(batch)).isEqualTo(content(expected));
        }
    }

    private static List<Float> content(MicroBatch batch) {
        List<Float> content = new ArrayList<>();
        for (long row = 0; row < batch.rows(); row++) {
            content.add(batch.dense().getAtIndex(JAVA_FLOAT, 2 * row));
            content.add(batch.dense().getAtIndex(JAVA_FLOAT, 2 * row + 1));
            content.add((float) batch.ids(0).getAtIndex(JAVA_INT, row));
            int end = batch.bagOffsets(0).getAtIndex(JAVA_INT, row + 1);
            for (long i = batch.bagOffsets(0).getAtIndex(JAVA_INT, row); i < end; i++) {
                content.add((float) batch.bagIds(0).getAtIndex(JAVA_INT, i));
            }
            for (int i = 0; i < LENGTH; i++) {
                content.add((float) batch.sequenceIds(0).getAtIndex(JAVA_INT, row * LENGTH + i));
            }
            content.add((float) batch.sequenceLengths(0).getAtIndex(JAVA_INT, row));
            content.add(batch.label().getAtIndex(JAVA_FLOAT, row));
            content.add(batch.weight().getAtIndex(JAVA_FLOAT, row));
        }
        return content;
    }
}
