package io.gradstream.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaceTest {

    private record Noted(String name, List<String> notes) implements Contestant {
        @Override
        public void step() {
            notes.add(name);
            long end = System.nanoTime() + 1_000_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() {}
    }

    @Test
    void takesTurns() {
        List<String> notes = new ArrayList<>();
        Race race = new Race(Duration.ZERO, Duration.ofNanos(1), 3);

        var medians = race.run(List.of(new Noted("a", notes), new Noted("b", notes)));

        assertThat(notes.subList(notes.size() - 6, notes.size())).containsExactly("a", "b", "a", "b", "a", "b");
        assertThat(medians).containsOnlyKeys("a", "b");
        assertThat(medians.values()).allSatisfy(nanos -> assertThat(nanos).isGreaterThanOrEqualTo(1_000_000));
    }

    @Test
    void judgesByTheMedian() {
        assertThat(Race.median(new double[] {9, 1, 2})).isEqualTo(2);
        assertThat(Race.median(new double[] {9, 1, 2, 4})).isEqualTo(3);
    }
}
