package io.gradstream.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.connectors.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeadershipTest {
    private static final String TOPIC = "token";

    @TempDir
    private static Path data;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.builder()
                .directory(data)
                .property("group.min.session.timeout.ms", "500")
                .start();
        try (Topics topics = new Topics(properties())) {
            topics.ensure(List.of(TopicSpec.of(TOPIC, 1)));
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void passesToOneWhoWaitsWhenTheLeaderLeaves() {
        Leadership leader = join("passes", null);
        assertThat(leader.await(null, () -> false)).isTrue();
        try (Leadership waiting = join("passes", null)) {
            assertThatThrownBy(() -> waiting.await(Duration.ofSeconds(2), () -> false))
                    .isInstanceOf(AnotherInstanceException.class)
                    .hasMessageContaining("another instance of this name works: group=passes leader=consumer-passes")
                    .hasMessageContaining("host=/127.0.0.1");
            leader.close();
            assertThat(waiting.await(null, () -> false)).isTrue();
        }
    }

    @Test
    void comesBackAtOnceUnderTheNameOfItsInstance() {
        try (Leadership killed = join("back", "me", 60_000)) {
            assertThat(killed.await(null, () -> false)).isTrue();
            try (Leadership restarted = join("back", "me", 60_000)) {
                assertThat(restarted.await(Duration.ofSeconds(50), () -> false)).isTrue();
            }
        }
    }

    @Test
    void waitsNoLongerThanItIsAskedTo() {
        try (Leadership leader = join("stopped", null)) {
            assertThat(leader.await(null, () -> false)).isTrue();
            try (Leadership waiting = join("stopped", null)) {
                assertThat(waiting.await(null, () -> true)).isFalse();
            }
        }
    }

    private static Leadership join(String group, @Nullable String instance) {
        return join(group, instance, 1_000);
    }

    private static Leadership join(String group, @Nullable String instance, int sessionMillis) {
        Map<String, Object> properties = new HashMap<>(properties());
        properties.put("session.timeout.ms", sessionMillis);
        properties.put("heartbeat.interval.ms", 200);
        return new Leadership(properties, group, TOPIC, instance);
    }

    private static Map<String, Object> properties() {
        return Map.of("bootstrap.servers", broker.bootstrap());
    }
}
