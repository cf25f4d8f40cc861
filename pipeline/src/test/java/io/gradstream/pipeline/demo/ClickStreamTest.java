package io.gradstream.pipeline.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ClickStreamTest {
    @Test
    void isTheSameForTheSameSeed() {
        assertThat(new ClickStream(1, 50).next(100).clicks())
                .isEqualTo(new ClickStream(1, 50).next(100).clicks())
                .isNotEqualTo(new ClickStream(2, 50).next(100).clicks());
    }

    @Test
    void isTheSameInPortionsOfAnySize() {
        ClickStream whole = new ClickStream(1, 50);
        ClickStream parts = new ClickStream(1, 50);
        boolean[] expected = whole.next(90).clicked();
        parts.next(30);
        assertThat(parts.next(60).clicked()).isEqualTo(Arrays.copyOfRange(expected, 30, 90));
    }

    @Test
    void clicksAsOftenAsItsTruthSays() {
        Clicks clicks = new ClickStream(3, Long.MAX_VALUE).next(200_000);
        double entropy = 0;
        double loss = 0;
        for (int i = 0; i < clicks.size(); i++) {
            double probability = Math.exp(-clicks.bestLosses()[i]);
            double p = clicks.clicked()[i] ? probability : 1 - probability;
            entropy -= p * Math.log(p) + (1 - p) * Math.log(1 - p);
            loss += clicks.bestLosses()[i];
        }
        assertThat(loss / clicks.size()).isCloseTo(entropy / clicks.size(), within(0.005));
    }

    @Test
    void changesItsTruthInTheMiddle() {
        ClickStream drifting = new ClickStream(5, 1000);
        ClickStream steady = new ClickStream(5, Long.MAX_VALUE);
        assertThat(drifting.next(1000).bestLosses()).isEqualTo(steady.next(1000).bestLosses());
        assertThat(drifting.next(1000).bestLosses())
                .isNotEqualTo(steady.next(1000).bestLosses());
    }
}
