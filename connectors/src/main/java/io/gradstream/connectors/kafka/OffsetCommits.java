package io.gradstream.connectors.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits what is acknowledged: now and then in passing, and at once where a partition goes. */
final class OffsetCommits {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetCommits.class);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final KafkaConsumer<?, ?> consumer;
    private final Commits policy;
    private final SourceCounters counters;
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private long last = System.nanoTime();

    OffsetCommits(KafkaConsumer<?, ?> consumer, Commits policy, SourceCounters counters) {
        this.consumer = consumer;
        this.policy = policy;
        this.counters = counters;
    }

    /** Commits without waiting, if it is time to. */
    void commitDue(List<PartitionLedger> ledgers) {
        switch (policy) {
            case Commits.ByCaller() -> {}
            case Commits.BySource(Duration every) -> {
                long now = System.nanoTime();
                if (now - last >= every.toNanos()) {
                    last = now;
                    commitInPassing(news(ledgers));
                }
            }
        }
    }

    private void commitInPassing(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (offsets.isEmpty()) {
            return;
        }
        counters.commits.increment();
        consumer.commitAsync(offsets, (tried, fault) -> {
            if (fault != null) {
                LOG.debug("a commit failed and comes again with the next one: offsets={}", tried, fault);
                tried.keySet().forEach(committed::remove);
            }
        });
    }

    /** Commits and waits; a failure means that some records are read again. */
    void commitNow(List<PartitionLedger> ledgers) {
        switch (policy) {
            case Commits.ByCaller() -> {}
            case Commits.BySource(Duration every) -> commitAndWait(news(ledgers));
        }
        ledgers.forEach(ledger -> committed.remove(ledger.partition()));
    }

    private void commitAndWait(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (offsets.isEmpty()) {
            return;
        }
        counters.commits.increment();
        try {
            consumer.commitSync(offsets, LONGEST);
        } catch (KafkaException e) {
            LOG.warn("a commit failed, acknowledged records will be read again: offsets={}", offsets, e);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> news(List<PartitionLedger> ledgers) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (PartitionLedger ledger : ledgers) {
            long offset = ledger.acknowledged();
            Long before = committed.put(ledger.partition(), offset);
            if (before == null || before != offset) {
                offsets.put(ledger.partition(), new OffsetAndMetadata(offset));
            }
        }
        return offsets;
    }
}
