package io.gradstream.connectors.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * The records of some topics as a stream that flows no faster than it is asked to.
 *
 * <p>Each subscription is a group member of its own with a thread that alone touches the Kafka consumer. It holds at most
 * the result of one poll; while nobody asks for that, its partitions are paused and it goes on polling them, so that it
 * stays in the group however slow its subscriber is. It never completes. It fails where waiting would not help.
 */
public final class KafkaSource extends Flux<PolledRecords> implements AutoCloseable {
    private static final Duration FAREWELL = Duration.ofSeconds(10);

    private final SourceSpec spec;
    private final SourceCounters counters = new SourceCounters();
    private final List<Consumer<TopicPartition>> watchers = new CopyOnWriteArrayList<>();
    private volatile @Nullable SourceSubscription newest;

    public KafkaSource(SourceSpec spec) {
        this.spec = spec;
    }

    public SourceSpec spec() {
        return spec;
    }

    @Override
    public void subscribe(CoreSubscriber<? super PolledRecords> subscriber) {
        SourceSubscription subscription = new SourceSubscription(spec, counters, this::seen, subscriber);
        newest = subscription;
        subscriber.onSubscribe(subscription);
        subscription.start();
    }

    /** What a transactional producer needs to commit offsets for this group member; empty while it is not a member. */
    public Optional<ConsumerGroupMetadata> groupMetadata() {
        return view().group();
    }

    /** How far each assigned partition has been read, as of a moment ago. */
    public Map<TopicPartition, PartitionStatus> partitions() {
        return view().partitions();
    }

    /** Whether partitions are assigned and everything the broker told of in them has been handed on. */
    public boolean drained() {
        return view().drained();
    }

    /** Cancels the newest subscription and waits until its member has left the group, so that a successor need not wait. */
    @Override
    public void close() {
        SourceSubscription subscription = newest;
        if (subscription != null) {
            subscription.cancel();
            subscription.awaitEnd(FAREWELL);
        }
    }

    SourceCounters counters() {
        return counters;
    }

    /** Tells of every partition whenever it is assigned, those of now included. */
    void watch(Consumer<TopicPartition> watcher) {
        watchers.add(watcher);
        partitions().keySet().forEach(watcher);
    }

    private void seen(TopicPartition partition) {
        watchers.forEach(watcher -> watcher.accept(partition));
    }

    private SourceView view() {
        SourceSubscription subscription = newest;
        return subscription == null ? SourceView.NONE : subscription.view();
    }
}
