package io.gradstream.connectors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sure that topics exist. */
public final class Topics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final Duration VISIBLE = Duration.ofSeconds(30);
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final String LOOK =
            "brokers must answer, so see that kafka.bootstrap names them, that nothing is in between and that"
                    + " kafka.properties.security.protocol is what their listener speaks";

    private final String brokers;
    private final Admin admin;

    /**
     * @param properties properties of the Kafka admin client, passed through; {@code bootstrap.servers} is one of them
     */
    public Topics(Map<String, ?> properties) {
        Object protocol = properties.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        this.brokers = "bootstrap=" + properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)
                + " security.protocol=" + (protocol == null ? CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL : protocol);
        this.admin = Admin.create(new HashMap<>(properties));
    }

    /**
     * Creates what is missing and waits until it is visible; leaves what exists as it is, with a warning where it differs.
     *
     * @throws TopicException where a topic can neither be found nor created
     */
    public List<EnsuredTopic> ensure(List<TopicSpec> topics) {
        List<EnsuredTopic> ensured = new ArrayList<>();
        for (TopicSpec topic : topics) {
            boolean created = create(topic);
            TopicDescription description = awaitVisible(topic.name());
            List<String> differences = created ? List.of() : differences(topic, description);
            if (!differences.isEmpty()) {
                LOG.warn("a topic is not as it should be and stays so: topic={} {}", topic.name(), differences);
            }
            ensured.add(new EnsuredTopic(topic, created, differences));
        }
        return List.copyOf(ensured);
    }

    /** The ids of those topics that are there, by name: one that is deleted and made anew has another id. */
    public Map<String, String> ids(Collection<String> topics) {
        Map<String, String> ids = new HashMap<>();
        for (String topic : topics) {
            describe(topic)
                    .map(TopicDescription::topicId)
                    .filter(id -> !id.equals(Uuid.ZERO_UUID))
                    .ifPresent(id -> ids.put(topic, id.toString()));
        }
        return ids;
    }

    /** The most bytes of a batch that a topic takes, or empty where the broker does not let us know. */
    public OptionalInt largestBatch(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config config = await(admin.describeConfigs(Set.of(resource)).all()).get(resource);
            ConfigEntry entry = config == null ? null : config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            return entry == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(entry.value()));
        } catch (KafkaException e) {
            LOG.warn("the settings of a topic cannot be read: topic={} reason={}", topic, e.toString());
            return OptionalInt.empty();
        }
    }

    private boolean create(TopicSpec topic) {
        Optional<Integer> partitions = topic.partitions().stream().boxed().findFirst();
        Optional<Short> replication =
                topic.replication().stream().mapToObj(n -> (short) n).findFirst();
        NewTopic wanted = new NewTopic(topic.name(), partitions, replication).configs(topic.settings());
        if (describe(topic.name()).isPresent()) {
            return false;
        }
        try {
            await(admin.createTopics(Set.of(wanted)).all());
            LOG.info("topic created: topic={} settings={}", topic.name(), topic.settings());
            return true;
        } catch (TopicExistsException e) {
            return false;
        } catch (KafkaException e) {
            throw new TopicException("a topic must be there or be created: topic=" + topic.name() + " reason=" + e, e);
        }
    }

    private TopicDescription awaitVisible(String topic) {
        long deadline = System.nanoTime() + VISIBLE.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<TopicDescription> description = describe(topic);
            if (description.isPresent() && hasLeaders(description.get())) {
                return description.get();
            }
            pause();
        }
        throw new TopicException("a topic must become visible: topic=" + topic + " waited=" + VISIBLE, null);
    }

    private static boolean hasLeaders(TopicDescription description) {
        return description.partitions().stream()
                .allMatch(partition ->
                        partition.leader() != null && !partition.leader().isEmpty());
    }

    private Optional<TopicDescription> describe(String topic) {
        try {
            return Optional.ofNullable(
                    awaitBrokers(admin.describeTopics(Set.of(topic)).allTopicNames())
                            .get(topic));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        } catch (TimeoutException e) {
            throw new TopicException(LOOK + ": " + brokers + " reason=" + e.getMessage(), e);
        } catch (KafkaException e) {
            throw new TopicException("a topic must be describable: topic=" + topic + " reason=" + e, e);
        }
    }

    private List<String> differences(TopicSpec topic, TopicDescription description) {
        List<String> differences = new ArrayList<>();
        int partitions = description.partitions().size();
        if (topic.partitions().isPresent() && topic.partitions().getAsInt() != partitions) {
            differences.add(
                    "partitions=" + partitions + " wanted=" + topic.partitions().getAsInt());
        }
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        Config config = await(admin.describeConfigs(Set.of(resource)).all()).get(resource);
        new TreeMap<>(topic.settings()).forEach((name, wanted) -> {
            ConfigEntry entry = config == null ? null : config.get(name);
            String is = entry == null ? null : entry.value();
            if (!wanted.equals(is)) {
                differences.add(name + "=" + is + " wanted=" + wanted);
            }
        });
        return differences;
    }

    /** The client tries for a minute, and may yet succeed; what to look at meanwhile is said before. */
    private <T> T awaitBrokers(KafkaFuture<T> future) {
        try {
            future.get(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            LOG.warn("nobody has answered for {} s; {}: {}", SILENCE.toSeconds(), LOOK, brokers);
        } catch (ExecutionException e) {
            // Whoever awaits it hears of it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return await(future);
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException fault ? fault : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TopicException("interrupted while looking at topics", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TopicException("interrupted while waiting for a topic", e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
