package io.gradstream.connectors.kafka;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.TopicPartition;

/** The meters of what comes from Kafka and what goes back. */
public final class KafkaMeters implements MeterBinder {
    private final KafkaSource source;
    private final TransactionalPublisher publisher;

    public KafkaMeters(KafkaSource source, TransactionalPublisher publisher) {
        this.source = source;
        this.publisher = publisher;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        SourceCounters in = source.counters();
        counter(registry, "gradstream.source.records", "records handed on", "records", in.records);
        counter(registry, "gradstream.source.bytes", "value bytes handed on", BaseUnits.BYTES, in.bytes);
        counter(registry, "gradstream.source.pauses", "times the consumer waited for demand", "pauses", in.pauses);
        counter(registry, "gradstream.source.dropped", "polled records dropped at revocation", "records", in.dropped);
        counter(registry, "gradstream.source.gone", "offsets the broker no longer had", "records", in.gone);
        counter(registry, "gradstream.source.commits", "offset commits asked for", "commits", in.commits);
        source.watch(partition -> lag(registry, partition));

        PublisherCounters out = publisher.counters();
        FunctionTimer.builder(
                        "gradstream.publisher.transactions",
                        out,
                        c -> c.committed.sum(),
                        c -> c.committedNanos.sum(),
                        TimeUnit.NANOSECONDS)
                .description("committed transactions")
                .register(registry);
        counter(registry, "gradstream.publisher.failures", "publications that failed", "publications", out.failed);
        counter(registry, "gradstream.publisher.records", "records published", "records", out.records);
        counter(registry, "gradstream.publisher.bytes", "value bytes published", BaseUnits.BYTES, out.bytes);
    }

    private static void counter(MeterRegistry registry, String name, String description, String unit, LongAdder count) {
        FunctionCounter.builder(name, count, LongAdder::sum)
                .description(description)
                .baseUnit(unit)
                .register(registry);
    }

    /** Registering a gauge twice changes nothing, so a partition that comes back keeps its own. */
    private void lag(MeterRegistry registry, TopicPartition partition) {
        Gauge.builder("gradstream.source.lag", source, s -> lagOf(s, partition))
                .description("records still to be handed on")
                .baseUnit("records")
                .tag("topic", partition.topic())
                .tag("partition", String.valueOf(partition.partition()))
                .register(registry);
    }

    private static double lagOf(KafkaSource source, TopicPartition partition) {
        PartitionStatus status = source.partitions().get(partition);
        return status == null || status.lag().isEmpty()
                ? Double.NaN
                : status.lag().getAsLong();
    }
}
