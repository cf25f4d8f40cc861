package io.gradstream.pipeline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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

    @Test
    void endsWithoutAFaultWhenItIsStopped() {
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        heard.start();
        root.addAppender(heard);
        CompletableFuture<Demo> running = new CompletableFuture<>();
        try (Demo demo = new Demo(OptionalLong.empty(), _ -> running.thenAccept(Demo::stop))) {
            running.complete(demo);
            assertThat(demo.run().rows()).isPositive();
        } finally {
            root.detachAppender(heard);
        }
        assertThat(List.copyOf(heard.list))
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
                .isEmpty();
    }
}
