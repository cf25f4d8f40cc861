package io.gradstream.pipeline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class DemoTest {
    private static final long ROWS = 300_000;
    private static final double GOOD = 1.03;

    @Test
    void comesCloseToTheBestPossibleBeforeAndAfterTheTruthChanges() {
        List<Demo.View> views = new ArrayList<>();
        try (Demo demo = new Demo(OptionalLong.of(ROWS), views::add)) {
            Demo.Summary summary = demo.run();

            assertThat(summary.rows()).isEqualTo(ROWS);
            assertThat(summary.beforeDrift())
                    .satisfies(score -> assertThat(score.ratio()).isBetween(0.99, GOOD));
            assertThat(summary.atEnd())
                    .satisfies(score -> assertThat(score.ratio()).isBetween(0.99, GOOD));
        }
        assertThat(views.stream().filter(Demo.View::drifted)).hasSize(1);
        assertThat(views)
                .as("the start and the change of truth hurt until the model has learned")
                .anySatisfy(view -> assertThat(view.recent().ratio()).isGreaterThan(GOOD));
    }
}
