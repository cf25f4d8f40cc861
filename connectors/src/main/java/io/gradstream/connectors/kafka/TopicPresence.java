package io.gradstream.connectors.kafka;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a topic that does not exist, for which waiting is no use, from a broker that does not answer yet. */
final class TopicPresence {
    private static final Logger LOG = LoggerFactory.getLogger(TopicPresence.class);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private TopicPresence() {}

    /** Waits until the topic is known or nobody cares any more; a new topic may take a moment to be known everywhere. */
    static void await(KafkaConsumer<?, ?> consumer, String topic, BooleanSupplier abandoned) {
        long missingSince = 0;
        while (!abandoned.getAsBoolean()) {
            try {
                if (!consumer.partitionsFor(topic, ANSWER).isEmpty()) {
                    return;
                }
                long now = System.nanoTime();
                if (missingSince == 0) {
                    missingSince = now;
                } else if (now - missingSince > PATIENCE.toNanos()) {
                    throw new UnknownTopicException(topic);
                }
                Thread.sleep(100);
            } catch (TimeoutException e) {
                LOG.warn("no broker answers yet, trying on: topic={} reason={}", topic, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SourceException("interrupted before the topic was found: topic=" + topic, e);
            }
        }
    }
}
