package io.gradstream.connectors.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Where partitions end. Answers to fetches say it along with the records; while records wait to be asked for and none are fetched, the
 * broker is asked now and then, so that a lag is seen to grow.
 */
final class LogEnds {
    private static final long EVERY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration LONGEST = Duration.ofMillis(100);

    private final KafkaConsumer<?, ?> consumer;
    private final Map<TopicPartition, Long> asked = new HashMap<>();
    private long last = System.nanoTime();

    LogEnds(KafkaConsumer<?, ?> consumer) {
        this.consumer = consumer;
    }

    /** There is nothing left to fetch: from now on the answers to fetches are newer. */
    void reached() {
        asked.clear();
    }

    /** Asks the broker if it is time to; without an answer what is known stays. */
    void askIfDue(Collection<TopicPartition> partitions) {
        if (System.nanoTime() - last < EVERY_NANOS) {
            return;
        }
        try {
            asked.putAll(consumer.endOffsets(partitions, LONGEST));
        } catch (RetriableException e) {
            // The next time will do.
        }
        last = System.nanoTime();
    }

    /** The offset behind the last readable record, as far as known. */
    OptionalLong of(TopicPartition partition, long polledTo) {
        OptionalLong lag = consumer.currentLag(partition);
        return lag.isPresent()
                ? OptionalLong.of(Math.max(polledTo + lag.getAsLong(), asked.getOrDefault(partition, 0L)))
                : OptionalLong.empty();
    }
}
