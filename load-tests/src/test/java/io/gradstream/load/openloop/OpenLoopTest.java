package io.gradstream.load.openloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

    /** A clock that moves only by sleeping and by the sender's work. */
    private static final class ManualTicker implements OpenLoop.Ticker {
        private long now = 1_000;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleepUntil(long nanoTime) {
            now = Math.max(now, nanoTime);
        }
    }

    @Test
    void sendsEveryMessageWhenItIsDue() throws InterruptedException {
        ManualTicker ticker = new ManualTicker();
        List<Long> sentAt = new ArrayList<>();

        long took = new OpenLoop(new Schedule(4, Duration.ofSeconds(1)), ticker)
                .run((message, due) -> sentAt.add(ticker.now));

        assertThat(sentAt).containsExactly(1_000L, 250_001_000L, 500_001_000L, 750_001_000L);
        assertThat(took).isEqualTo(750_000_000L);
    }

    @Test
    void aStallIsChargedToEveryEventItHeldUp() throws InterruptedException {
        ManualTicker ticker = new ManualTicker();
        List<Long> latencies = new ArrayList<>();

        new OpenLoop(new Schedule(10, Duration.ofSeconds(1)), ticker).run((message, due) -> {
            ticker.now += message == 2 ? 450_000_000L : 0;
            latencies.add((ticker.now - due) / 1_000_000);
        });

        // Messages 3 to 6 were due while message 2 stalled; a closed loop would have called them fast.
        assertThat(latencies).containsExactly(0L, 0L, 450L, 350L, 250L, 150L, 50L, 0L, 0L, 0L);
    }

    @Test
    void doesNotDriftOverLongRuns() {
        Schedule schedule = new Schedule(3, Duration.ofHours(10));

        assertThat(schedule.messages()).isEqualTo(108_000);
        assertThat(schedule.due(schedule.messages()))
                .isEqualTo(Duration.ofHours(10).toNanos());
    }

    @Test
    void refusesARateThatNeverSends() {
        assertThatThrownBy(() -> new Schedule(0, Duration.ofSeconds(1)))
                .hasMessage("rate must be positive: messagesPerSecond=0.0");
    }
}
