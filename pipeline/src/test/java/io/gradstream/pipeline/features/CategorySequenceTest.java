package io.gradstream.pipeline.features;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.InputColumn;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.Column;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CategorySequenceTest {
    private static final int LENGTH = 3;
    private static final ModelSpec MODEL =
            new ModelSpec(List.of(new InputColumn.Sequence("history", 1000, 4, LENGTH)), new Architecture.Linear(), 1);

    @Test
    void keepsTheNewestAndPadsTheRest() {
        Column items = Columns.texts("a", "b", "c", "d", "e", null, "f", "g", "h", null);
        Column lists = Columns.lists(items, 5, null, 4, 0, 1);
        Buckets buckets = new Buckets(1000);
        try (MicroBatch batch = new MicroBatch(MODEL, 6)) {
            batch.sequenceIds(0).fill((byte) 7);
            new CategorySequence("history", buckets, LENGTH, 0).write(lists, 0, 5, batch, 1);

            assertThat(IntStream.rangeClosed(1, 5)
                            .map(row -> batch.sequenceLengths(0).getAtIndex(JAVA_INT, row)))
                    .containsExactly(3, 0, 3, 0, 0);
            assertThat(row(batch, 1)).containsExactly(of(buckets, items, 2, 3, 4));
            assertThat(row(batch, 2)).containsExactly(0, 0, 0);
            assertThat(row(batch, 3)).containsExactly(of(buckets, items, 6, 7, 8));
            assertThat(row(batch, 4)).containsExactly(0, 0, 0);
            assertThat(row(batch, 5)).containsExactly(0, 0, 0);
        }
    }

    private static int[] row(MicroBatch batch, int row) {
        return IntStream.range(0, LENGTH)
                .map(item -> batch.sequenceIds(0).getAtIndex(JAVA_INT, (long) row * LENGTH + item))
                .toArray();
    }

    private static int[] of(Buckets buckets, Column items, int... elements) {
        return IntStream.of(elements)
                .map(element -> buckets.bucket(items, element))
                .toArray();
    }
}
