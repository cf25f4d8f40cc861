package io.gradstream.connectors.kafka;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The right to be the one instance of a name that works, decided by Kafka: all instances are members of one group, and whoever is given
 * the first partition of a topic leads. The others stay members and wait, so that one of them leads as soon as the group notices that the
 * leader is gone.
 *
 * <p>This decides who begins. That nobody goes on who should not is up to the transactional id, which every new leader takes over.
 */
public final class Leadership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration GOODBYE = Duration.ofSeconds(5);

    private final Map<String, Object> properties;
    private final String group;
    private final TopicPartition token;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Duration sessionTimeout;
    private final Thread thread;
    private final CompletableFuture<Void> leads = new CompletableFuture<>();
    private final Sinks.Empty<Void> lost = Sinks.empty();
    private volatile boolean closed;

    /**
     * Joins the group.
     *
     * @param properties properties of the Kafka consumer, passed through; {@code bootstrap.servers} is one of them
     * @param topic a topic that exists; nothing is read of it
     * @param instance a name that only this process has at a time and a restart of it has again, which then leads without waiting for the
     *     group to notice that it was gone; null if there is none
     */
    public Leadership(Map<String, ?> properties, String group, String topic, @Nullable String instance) {
        this.properties = new HashMap<>(properties);
        this.group = group;
        this.token = new TopicPartition(topic, 0);
        Map<String, Object> p = settings(properties, group, instance);
        this.sessionTimeout =
                Duration.ofMillis(Long.parseLong(String.valueOf(p.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG))));
        this.consumer = new KafkaConsumer<>(p);
        this.thread =
                Thread.ofPlatform().daemon().name("kafka-leadership-" + group).start(this::serve);
    }

    /**
     * Waits until this instance leads.
     *
     * @param longest how long another one may lead before waiting ends, or null for any time
     * @return false if it was stopped before
     * @throws AnotherInstanceException if another one still leads after the longest wait
     */
    public boolean await(@Nullable Duration longest, BooleanSupplier stopped) {
        long begin = System.nanoTime();
        boolean told = false;
        while (!stopped.getAsBoolean()) {
            try {
                leads.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException _) {
                long waited = System.nanoTime() - begin;
                if (longest != null && waited > longest.toNanos()) {
                    throw new AnotherInstanceException(
                            "another instance of this name works: group=" + group + " " + leader());
                }
                if (!told && waited > POLL.toNanos() * 10) {
                    told = true;
                    LOG.info("waits to lead: group={} {}", group, leader());
                }
            } catch (ExecutionException e) {
                throw new SourceException(
                        "joining a group must be possible: group=" + group + " reason=" + e.getCause(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    /** How long the group takes to notice that a leader is gone that did not say goodbye. */
    public Duration sessionTimeout() {
        return sessionTimeout;
    }

    /** Fails when another instance has come to lead instead of this one. */
    public Mono<Void> lost() {
        return lost.asMono();
    }

    private void serve() {
        try {
            consumer.subscribe(List.of(token.topic()), new Tokens());
            while (!closed) {
                consumer.pause(consumer.assignment());
                consumer.poll(POLL);
            }
        } catch (KafkaException e) {
            if (!leads.completeExceptionally(e)) {
                LOG.warn("can no longer say who leads: group={} reason={}", group, e.toString());
            }
        } finally {
            leave();
        }
    }

    private void leave() {
        try {
            consumer.close(CloseOptions.timeout(GOODBYE)
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        } catch (KafkaException e) {
            LOG.warn("did not leave the group cleanly: group={} reason={}", group, e.toString());
        }
    }

    private final class Tokens implements ConsumerRebalanceListener {
        private boolean mine;

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> given) {
            if (given.contains(token)) {
                mine = true;
                if (leads.complete(null)) {
                    LOG.info("leads: group={}", group);
                }
            } else if (leads.isDone() && !mine) {
                lost.tryEmitError(new AnotherInstanceException("another instance took over: group=" + group));
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> taken) {
            onPartitionsLost(taken);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> taken) {
            if (taken.contains(token) && !closed) {
                mine = false;
                LOG.warn("no longer leads for the moment: group={}", group);
            }
        }
    }

    private String leader() {
        try (Admin admin = Admin.create(properties)) {
            return requireNonNull(admin.describeConsumerGroups(List.of(group))
                            .describedGroups()
                            .get(group))
                    .get()
                    .members()
                    .stream()
                    .filter(member -> member.assignment().topicPartitions().contains(token))
                    .map(Leadership::describe)
                    .collect(Collectors.joining(" ", "leader=", ""));
        } catch (ExecutionException | KafkaException e) {
            return "leader=unknown reason=" + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "leader=unknown";
        }
    }

    private static String describe(MemberDescription member) {
        return member.consumerId() + " host=" + member.host();
    }

    private static Map<String, Object> settings(Map<String, ?> properties, String group, @Nullable String instance) {
        Map<String, Object> p = new HashMap<>();
        SourceProperties.membership(p, instance);
        p.putAll(properties);
        p.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        p.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        // Whoever has the token keeps it when others come.
        p.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        p.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        p.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        p.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return p;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(GOODBYE.plusSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
