package io.gradstream.pipeline.decoding;

import io.gradstream.connectors.kafka.PolledRecord;
import io.gradstream.connectors.kafka.PolledRecords;
import io.gradstream.connectors.rows.Origin;
import io.gradstream.connectors.rows.Projection;
import io.gradstream.connectors.rows.RowFormat;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.UndecodableException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The stage that reads rows out of records: several polls at a time, handed on in the order in which they came. */
public final class Decoding implements Function<Flux<PolledRecords>, Flux<DecodedRecords>> {
    private final RowFormat format;
    private final Projection projection;
    private final long maxRecordBytes;
    private final int parallelism;
    private final Scheduler scheduler;
    private final AtomicLong begun = new AtomicLong();

    public Decoding(
            RowFormat format, Projection projection, long maxRecordBytes, int parallelism, Scheduler scheduler) {
        this.format = format;
        this.projection = projection;
        this.maxRecordBytes = maxRecordBytes;
        this.parallelism = parallelism;
        this.scheduler = scheduler;
    }

    @Override
    public Flux<DecodedRecords> apply(Flux<PolledRecords> polled) {
        return polled.doOnNext(_ -> begun.incrementAndGet())
                .flatMapSequential(
                        records -> Mono.fromSupplier(() -> decode(records)).subscribeOn(scheduler), parallelism, 1);
    }

    /** How many polls have come in: a large one may take long to come out again. */
    public long begun() {
        return begun.get();
    }

    private DecodedRecords decode(PolledRecords polled) {
        List<Decoded> decoded = new ArrayList<>(polled.records().size());
        for (PolledRecord each : polled.records()) {
            decoded.add(decode(polled.partition(), each));
        }
        return new DecodedRecords(decoded, polled.acknowledgement());
    }

    /** Reads the rows out of one record. */
    public Decoded decode(TopicPartition partition, PolledRecord original) {
        try {
            ByteBuffer value = original.value();
            if (value == null || !value.hasRemaining()) {
                throw new UndecodableException(Reason.EMPTY, "record has no value");
            }
            if (value.remaining() > maxRecordBytes) {
                throw new UndecodableException(
                        Reason.TOO_LARGE,
                        "record is larger than the limit: bytes=" + value.remaining() + " limit=" + maxRecordBytes);
            }
            Origin origin = new Origin(partition.topic(), partition.partition(), original.offset());
            return new Decoded.Usable(partition, original, format.decode(origin, value, projection));
        } catch (UndecodableException e) {
            return new Decoded.Unusable(partition, original, e);
        }
    }
}
