package io.gradstream.pipeline.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.config.Every;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CadenceTest {
    @Test
    void isDueAtMultiplesOfItsStepsWhereverItWasCreated() {
        var cadence = new Cadence(new Every.Steps(100), 0);
        assertThat(cadence.due(99, 0)).isFalse();
        assertThat(cadence.due(100, 0)).isTrue();
        cadence.happened(0);
        assertThat(cadence.due(150, 0)).isFalse();
        assertThat(cadence.due(200, 0)).isTrue();
    }

    @Test
    void isDueWhenItsPeriodHasPassedSinceItHappenedLast() {
        var cadence = new Cadence(new Every.Time(Duration.ofSeconds(1)), 500);
        assertThat(cadence.due(1, 1_000_000_499)).isFalse();
        assertThat(cadence.due(2, 1_000_000_500)).isTrue();
        cadence.happened(1_000_000_500);
        assertThat(cadence.due(3, 1_500_000_000)).isFalse();
    }
}
