package io.gradstream.pipeline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScoreWindowTest {
    @Test
    void forgetsStepsThatTheWindowDoesNotNeed() {
        ScoreWindow window = new ScoreWindow(10);
        window.add(5, 500, 5);
        window.add(5, 10, 5);
        window.add(5, 20, 5);
        assertThat(window.score()).isEqualTo(new Score(3, 1));
        assertThat(window.score().ratio()).isEqualTo(3);
    }
}
