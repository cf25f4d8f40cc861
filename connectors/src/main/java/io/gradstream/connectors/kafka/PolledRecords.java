package io.gradstream.connectors.kafka;

import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Successive records of one partition, handed on together and acknowledged together. */
public final class PolledRecords {
    private final List<PolledRecord> records;
    private final long nextOffset;
    private final PartitionLedger.Entry entry;

    PolledRecords(List<PolledRecord> records, long nextOffset, PartitionLedger ledger) {
        this.records = records;
        this.nextOffset = nextOffset;
        this.entry = ledger.open(nextOffset);
    }

    public TopicPartition partition() {
        return entry.ledger().partition();
    }

    /** At least one record, in the order of their offsets. */
    public List<PolledRecord> records() {
        return records;
    }

    /** Where reading goes on when all of these are done. */
    public long nextOffset() {
        return nextOffset;
    }

    /**
     * Says that all of these are done, from any thread, in any order, once or more often. Offsets become committable when
     * everything before them in the partition is acknowledged too.
     */
    public void acknowledge() {
        entry.acknowledge();
    }

    /** {@link #acknowledge} for whoever does so long after: it holds none of the records. */
    public Runnable acknowledgement() {
        return entry::acknowledge;
    }

    /** Whether the partition was taken away since: what is made of these records can no longer be committed. */
    public boolean revoked() {
        return entry.ledger().closed();
    }

    @Override
    public String toString() {
        return "PolledRecords[partition=" + partition() + " records=" + records.size() + " nextOffset=" + nextOffset
                + "]";
    }
}
