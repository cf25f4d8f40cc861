package io.gradstream.autodiff.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private record Index(int[] values) implements Elements {
        static Index of(Slots slots) {
            return new Index(new int[(int) slots.type().shape().size()]);
        }

        @Override
        public double get(long index) {
            return values[(int) index];
        }

        @Override
        public void set(long index, double value) {
            values[(int) index] = (int) value;
        }
    }

    @Test
    void givesRowsSlotsInTheOrderOfFirstTouch() {
        Slots slots = new Slots(5);
        Index index = Index.of(slots);
        int[] rows = {7, 1_000_000, 7, 0, 1_000_000, 3, 0};
        int[] expected = {0, 1, 0, 2, 1, 3, 2};
        for (int i = 0; i < rows.length; i++) {
            assertThat(slots.claim(index, rows[i])).isEqualTo(expected[i]);
        }
        assertThat(Slots.inUse(index)).isEqualTo(4);
        assertThat(Slots.row(index, 2)).isZero();
        assertThat(slots.find(index, 3)).isEqualTo(3);
        assertThat(slots.find(index, 4)).isEqualTo(-1);
    }

    @Test
    void findsEveryRowAmongThousandsAndIsEmptyAgainAfterwards() {
        Slots slots = new Slots(1000);
        Index index = Index.of(slots);
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            Map<Integer, Integer> expected = new LinkedHashMap<>();
            while (expected.size() < 1000) {
                int row = random.nextInt(round % 2 == 0 ? 1500 : Integer.MAX_VALUE);
                int slot = expected.computeIfAbsent(row, _ -> expected.size());
                assertThat(slots.claim(index, row)).isEqualTo(slot);
            }
            expected.forEach((row, slot) -> assertThat(slots.find(index, row)).isEqualTo(slot));
            slots.clear(index);
            assertThat(index.values()).containsOnly(0);
        }
    }

    /** Rows of one home follow each other around the end of the table, and leave it as they came. */
    @Test
    void searchesAroundTheEndOfTheTable() {
        Slots slots = new Slots(6);
        Index index = Index.of(slots);
        int last = slots.buckets() - 1;
        int found = 0;
        for (int row = 0; found < 6; row++) {
            if (slots.home(row) == last) {
                assertThat(slots.claim(index, row)).isEqualTo(found);
                found++;
            }
        }
        slots.clear(index);
        assertThat(index.values()).containsOnly(0);
    }

    @Test
    void refusesMoreRowsThanItHasSlots() {
        Slots slots = new Slots(1);
        Index index = Index.of(slots);
        slots.claim(index, 3);
        assertThatIllegalStateException()
                .isThrownBy(() -> slots.claim(index, 4))
                .withMessage("touched rows must fit their slots: capacity=1 row=4");
    }
}
