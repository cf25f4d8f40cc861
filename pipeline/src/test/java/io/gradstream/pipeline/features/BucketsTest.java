package io.gradstream.pipeline.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.rows.Column;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private final Buckets buckets = new Buckets(100_000);

    private int[] all(Column column) {
        return IntStream.range(0, column.size())
                .map(row -> buckets.bucket(column, row))
                .toArray();
    }

    @Test
    void givesACategoryOneBucketWhateverTheColumn() {
        int[] expected = all(Columns.texts("42", "-7", "0", "9007199254740993"));
        assertThat(all(Columns.longs(42L, -7L, 0L, 9007199254740993L))).isEqualTo(expected);
        assertThat(all(Columns.coded(Columns.texts("0", "9007199254740993", "-7", "42"), 3L, 2L, 0L, 1L)))
                .isEqualTo(expected);
        assertThat(all(Columns.coded(Columns.longs(42L, -7L, 0L, 9007199254740993L), 0L, 1L, 2L, 3L)))
                .isEqualTo(expected);
        assertThat(all(Columns.doubles(42.0, -7.0, -0.0))).startsWith(expected[0], expected[1], expected[2]);
    }

    @Test
    void takesUnsignedIntegersForWhatTheyAre() {
        assertThat(all(Columns.unsigned(-1L))).isEqualTo(all(Columns.texts("18446744073709551615")));
        assertThat(all(Columns.longs(-1L))).isEqualTo(all(Columns.texts("-1")));
    }

    @Test
    void takesBooleansForZeroAndOne() {
        assertThat(all(Columns.bools(0b10, 2))).isEqualTo(all(Columns.longs(0L, 1L)));
    }

    @Test
    void tellsAMissingCategoryFromTheEmptyTextAndTheWordNull() {
        int[] found = all(Columns.texts(null, "", "null"));
        assertThat(found).doesNotHaveDuplicates();
        assertThat(all(Columns.longs((Long) null))).containsExactly(found[0]);
        assertThat(all(Columns.coded(Columns.texts("a", null), null, 1L))).containsExactly(found[0], found[0]);
    }

    @Test
    void followsADictionaryThatChanges() {
        assertThat(all(Columns.coded(Columns.texts("a", "b"), 0L, 1L, 0L)))
                .isEqualTo(all(Columns.texts("a", "b", "a")));
        assertThat(all(Columns.coded(Columns.texts("c", "a", "b"), 0L, 1L, 2L)))
                .isEqualTo(all(Columns.texts("c", "a", "b")));
    }

    @Test
    void spreadsCategoriesEvenly() {
        Buckets few = new Buckets(16);
        int[] counts = new int[16];
        for (long i = 0; i < 16_000; i++) {
            counts[few.bucket(Columns.longs(i), 0)]++;
        }
        assertThat(IntStream.of(counts)).allMatch(count -> count > 850 && count < 1150);
    }
}
