package io.gradstream.connectors.kafka;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A subscriber that asks for what it is told to and keeps what it gets. */
final class Recorder extends BaseSubscriber<PolledRecords> {
    private final Consumer<PolledRecords> each;
    private final long demand;
    private final BlockingQueue<PolledRecords> queue = new LinkedBlockingQueue<>();
    private final List<PolledRecords> all = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();

    private Recorder(long demand, Consumer<PolledRecords> each) {
        this.demand = demand;
        this.each = each;
    }

    /** Takes everything and acknowledges it at once. */
    static Recorder acknowledging(KafkaSource source) {
        return start(source, Long.MAX_VALUE, PolledRecords::acknowledge);
    }

    /** Takes a number of batches and acknowledges nothing by itself. */
    static Recorder asking(KafkaSource source, long demand) {
        return start(source, demand, batch -> {});
    }

    private static Recorder start(KafkaSource source, long demand, Consumer<PolledRecords> each) {
        Recorder recorder = new Recorder(demand, each);
        source.subscribe(recorder);
        return recorder;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (demand > 0) {
            subscription.request(demand);
        }
    }

    @Override
    protected void hookOnNext(PolledRecords batch) {
        all.add(batch);
        queue.add(batch);
        each.accept(batch);
    }

    @Override
    protected void hookOnError(Throwable e) {
        fault.set(e);
    }

    PolledRecords next() {
        try {
            PolledRecords batch = queue.poll(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (batch == null) {
                throw new AssertionError("no batch came: fault=" + fault.get());
            }
            return batch;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    Throwable awaitFault() {
        Eventually.until("a fault", () -> fault.get() != null);
        return java.util.Objects.requireNonNull(fault.get());
    }

    int batches() {
        return all.size();
    }

    /** The values of all records so far, as text, in the order of arrival. */
    List<String> values() {
        return all.stream().flatMap(batch -> values(batch).stream()).toList();
    }

    static List<String> values(PolledRecords batch) {
        return batch.records().stream()
                .map(record -> record.value() == null
                        ? "null"
                        : StandardCharsets.UTF_8
                                .decode(record.value().duplicate())
                                .toString())
                .toList();
    }
}
