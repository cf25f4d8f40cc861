package io.gradstream.connectors.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka consumer, the partitions it was given, and what it polled of them; used by the poll thread only.
 *
 * <p>It polls for records only when it has none left to hand on. While it has, it pauses all partitions and polls just to
 * stay in the group.
 */
final class GroupMember implements ConsumerRebalanceListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long STANDSTILL_NANOS = Duration.ofMillis(20).toNanos();
    private static final long VIEW_NANOS = Duration.ofMillis(50).toNanos();
    private static final Duration GOODBYE = Duration.ofSeconds(5);

    private final SourceSpec spec;
    private final SourceCounters counters;
    private final java.util.function.Consumer<TopicPartition> assigned;
    private final SourceSubscription subscription;
    private final KafkaConsumer<byte[], ByteBuffer> consumer;
    private final StartOffsets starts;
    private final OffsetCommits commits;
    private final LogEnds ends;
    private final Map<TopicPartition, Assigned> partitions = new HashMap<>();
    private final Deque<Portion> pending = new ArrayDeque<>();
    private boolean paused;
    private boolean leaving;
    private long lastPoll = System.nanoTime();
    private long lastView = lastPoll;

    GroupMember(
            SourceSpec spec,
            SourceCounters counters,
            java.util.function.Consumer<TopicPartition> assigned,
            SourceSubscription subscription) {
        this.spec = spec;
        this.counters = counters;
        this.assigned = assigned;
        this.subscription = subscription;
        this.consumer = new KafkaConsumer<>(SourceProperties.of(spec));
        this.starts = new StartOffsets(consumer, spec);
        this.commits = new OffsetCommits(consumer, spec.commits(), counters);
        this.ends = new LogEnds(consumer);
    }

    void join() {
        for (String topic : spec.topics()) {
            TopicPresence.await(consumer, topic, subscription::cancelled);
        }
        consumer.subscribe(spec.topics(), this);
    }

    /** The next portion to hand on, its bytes now independent of the consumer; null where a poll must come first. */
    @Nullable
    PolledRecords next() {
        for (Portion portion = pending.poll(); portion != null; portion = pending.poll()) {
            if (!portion.records().isEmpty()) {
                return handOver(portion);
            }
            portion.ledger().open(portion.nextOffset()).acknowledge();
        }
        return null;
    }

    private PolledRecords handOver(Portion portion) {
        List<PolledRecord> records = new ArrayList<>(portion.records().size());
        long bytes = 0;
        for (ConsumerRecord<byte[], ByteBuffer> record : portion.records()) {
            records.add(RecordCopy.of(record));
            bytes += Math.max(0, record.serializedValueSize());
        }
        counters.records.add(records.size());
        counters.bytes.add(bytes);
        return new PolledRecords(records, portion.nextOffset(), portion.ledger());
    }

    /** Gets more records where none are left, else waits a moment for demand and sees that the group keeps this member. */
    void advance() {
        if (pending.isEmpty()) {
            if (paused) {
                consumer.resume(consumer.paused());
                paused = false;
            }
            poll(POLL);
        } else {
            long rest = STANDSTILL_NANOS - (System.nanoTime() - lastPoll);
            if (rest > 0) {
                LockSupport.parkNanos(this, rest);
            } else {
                if (!paused) {
                    consumer.pause(consumer.assignment());
                    paused = true;
                    counters.pauses.increment();
                }
                ends.askIfDue(consumer.assignment());
                poll(Duration.ZERO);
            }
        }
        commits.commitDue(ledgers());
    }

    private void poll(Duration longest) {
        boolean records = false;
        try {
            ConsumerRecords<byte[], ByteBuffer> polled = consumer.poll(longest);
            records = !polled.isEmpty();
            take(polled);
            if (!records && !paused) {
                ends.reached();
            }
        } catch (OffsetOutOfRangeException e) {
            goOnBehindWhatIsGone(e.offsetOutOfRangePartitions());
        } catch (RetriableException e) {
            LOG.warn("a poll failed and is repeated: group={} reason={}", spec.group(), e.toString());
        }
        lastPoll = System.nanoTime();
        // Whoever is handed records may at once want to commit them, and needs to know the group for that.
        if (records || lastPoll - lastView >= VIEW_NANOS || pending.isEmpty()) {
            lastView = lastPoll;
            subscription.publish(view());
        }
    }

    private void take(ConsumerRecords<byte[], ByteBuffer> polled) {
        polled.nextOffsets().forEach((partition, next) -> {
            Assigned holder = partitions.get(partition);
            if (holder != null) {
                holder.polledTo = next.offset();
                Portion.cut(polled.records(partition), next.offset(), holder.ledger, spec.batchBytes(), pending::add);
            }
        });
    }

    private void goOnBehindWhatIsGone(Map<TopicPartition, Long> wanted) {
        Map<TopicPartition, Long> first = consumer.beginningOffsets(wanted.keySet());
        wanted.forEach((partition, offset) -> {
            long next = first.getOrDefault(partition, 0L);
            spec.listener().gone(partition, offset, next);
            LOG.warn(
                    "records are gone, going on with the first there is: partition={} wanted={} first={}",
                    partition,
                    offset,
                    next);
            counters.gone.add(Math.max(0, next - offset));
            consumer.seek(partition, next);
        });
    }

    private SourceView view() {
        ConsumerGroupMetadata group = consumer.groupMetadata();
        Map<TopicPartition, PartitionStatus> statuses = new HashMap<>();
        partitions.forEach((partition, holder) -> statuses.put(
                partition,
                new PartitionStatus(
                        holder.ledger.handedOn(), holder.ledger.acknowledged(), ends.of(partition, holder.polledTo))));
        return new SourceView(group.generationId() < 0 ? Optional.empty() : Optional.of(group), statuses);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> given) {
        if (given.isEmpty()) {
            return;
        }
        starts.find(given).forEach((partition, offset) -> {
            consumer.seek(partition, offset);
            partitions.put(partition, new Assigned(new PartitionLedger(partition, offset), offset));
        });
        if (paused) {
            consumer.pause(given);
        }
        LOG.info("partitions assigned: group={} partitions={}", spec.group(), given);
        given.forEach(assigned);
        spec.listener().assigned(Set.copyOf(given));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> taken) {
        if (taken.isEmpty()) {
            return;
        }
        LOG.info("partitions revoked: group={} partitions={}", spec.group(), taken);
        drop(taken);
        spec.listener().revoking(Set.copyOf(taken));
        if (!leaving) {
            awaitAcknowledgements(taken);
        }
        commits.commitNow(forget(taken));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> taken) {
        LOG.warn("partitions lost: group={} partitions={}", spec.group(), taken);
        drop(taken);
        forget(taken);
        spec.listener().lost(Set.copyOf(taken));
    }

    private void awaitAcknowledgements(Collection<TopicPartition> taken) {
        long deadline = System.nanoTime() + spec.revokeWait().toNanos();
        while (!subscription.cancelled() && System.nanoTime() < deadline && !idle(taken)) {
            LockSupport.parkNanos(this, 1_000_000);
        }
    }

    private boolean idle(Collection<TopicPartition> taken) {
        return taken.stream().map(partitions::get).allMatch(holder -> holder == null || holder.ledger.idle());
    }

    private void drop(Collection<TopicPartition> taken) {
        for (Portion portion : pending) {
            if (taken.contains(portion.ledger().partition())) {
                counters.dropped.add(portion.records().size());
            }
        }
        pending.removeIf(portion -> taken.contains(portion.ledger().partition()));
    }

    /** From here on no acknowledgement counts for these partitions. */
    private List<PartitionLedger> forget(Collection<TopicPartition> taken) {
        List<PartitionLedger> closed = new ArrayList<>();
        for (TopicPartition partition : taken) {
            Assigned holder = partitions.remove(partition);
            if (holder != null) {
                holder.ledger.close();
                closed.add(holder.ledger);
                if (spec.commits() instanceof Commits.ByCaller) {
                    starts.leave(partition, holder.ledger.handedOn());
                }
            }
        }
        return closed;
    }

    private List<PartitionLedger> ledgers() {
        return partitions.values().stream().map(holder -> holder.ledger).toList();
    }

    @Override
    public void close() {
        leaving = true;
        try {
            consumer.close(CloseOptions.timeout(GOODBYE)
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        } catch (KafkaException e) {
            LOG.warn("the consumer did not leave cleanly: group={}", spec.group(), e);
        }
    }

    private static final class Assigned {
        private final PartitionLedger ledger;
        private long polledTo;

        private Assigned(PartitionLedger ledger, long polledTo) {
            this.ledger = ledger;
            this.polledTo = polledTo;
        }
    }
}
