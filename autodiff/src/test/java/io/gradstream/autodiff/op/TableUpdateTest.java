package io.gradstream.autodiff.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableUpdateTest {
    private static final int WIDTH = 4;

    /** Elements that are zero until written, and count how often they are asked for or written. */
    private static final class Counted implements Elements {
        private final Map<Long, Double> values = new HashMap<>();
        private long accesses;

        @Override
        public double get(long index) {
            accesses++;
            return values.getOrDefault(index, 0.0);
        }

        @Override
        public void set(long index, double value) {
            accesses++;
            values.put(index, value);
        }
    }

    @Test
    void takesAsMuchWorkAsThereAreTouchedRows() {
        assertThat(accesses(1_000_000_000, 10)).isEqualTo(accesses(1000, 10));
        assertThat(accesses(1000, 100)).isBetween(9 * accesses(1000, 10), 11 * accesses(1000, 10));
    }

    private static long accesses(int rows, int touched) {
        Slots slots = new Slots(128);
        List<Counted> operands =
                java.util.stream.Stream.generate(Counted::new).limit(7).toList();
        for (int i = 0; i < touched; i++) {
            slots.claim(operands.get(6), i * 7);
        }
        operands.forEach(operand -> operand.accesses = 0);
        new TableUpdate(new AdamUpdate(0.9, 0.999, 1e-8, 0.1, true, Segments.of()), false)
                .apply(TableUpdate.Operands.of(operands), rows, 128, WIDTH);
        return operands.stream().mapToLong(operand -> operand.accesses).sum();
    }
}
