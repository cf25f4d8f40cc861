package io.gradstream.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Topics} does with any broker. */
abstract class TopicsSuite {
    private final Supplier<String> bootstrap;
    private TestKafka kafka = new TestKafka("");

    TopicsSuite(Supplier<String> bootstrap) {
        this.bootstrap = bootstrap;
    }

    @BeforeEach
    void connect() {
        kafka = new TestKafka(bootstrap.get());
    }

    private List<EnsuredTopic> ensure(TopicSpec... specs) {
        try (Topics topics = new Topics(kafka.properties())) {
            return topics.ensure(List.of(specs));
        }
    }

    @Test
    void createsWhatIsMissing() {
        TopicSpec weights = TopicSpec.compacted(TestKafka.name("weights"));
        TopicSpec events = TopicSpec.of(TestKafka.name("events"), 3);
        assertThat(ensure(weights, events))
                .isEqualTo(
                        List.of(new EnsuredTopic(weights, true, List.of()), new EnsuredTopic(events, true, List.of())));
        assertThat(policy(weights.name())).isEqualTo("compact");
        assertThat(policy(events.name())).isEqualTo("delete");
        assertThat(ensure(weights, events))
                .isEqualTo(List.of(
                        new EnsuredTopic(weights, false, List.of()), new EnsuredTopic(events, false, List.of())));
    }

    @Test
    void leavesWhatExistsAndSaysHowItDiffers() {
        String name = TestKafka.name("weights");
        kafka.createPlain(new NewTopic(name, 2, (short) 1));
        assertThat(ensure(TopicSpec.compacted(name)).getFirst().differences())
                .isEqualTo(List.of("partitions=2 wanted=1", "cleanup.policy=delete wanted=compact"));
        assertThat(policy(name)).isEqualTo("delete");
    }

    @Test
    void namesTheTopicThatCannotBeCreated() {
        TopicSpec spec = new TopicSpec(TestKafka.name("weights"), OptionalInt.of(1), OptionalInt.of(9), Map.of());
        assertThatThrownBy(() -> ensure(spec))
                .isInstanceOf(TopicException.class)
                .hasMessageStartingWith("a topic must be there or be created: topic=" + spec.name());
    }

    private String policy(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(kafka.properties())) {
            Config config = TestKafka.join(
                            admin.describeConfigs(List.of(resource)).all())
                    .values()
                    .stream()
                    .findFirst()
                    .orElseThrow();
            return config.get("cleanup.policy").value();
        }
    }
}
