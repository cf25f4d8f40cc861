package io.gradstream.connectors.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.TopicPartition;

/**
 * What was handed on of one partition during one assignment, and how much of it is acknowledged without a gap.
 *
 * <p>Entries are opened by the poll thread in the order of their offsets and acknowledged from anywhere in any order.
 */
final class PartitionLedger {
    private final TopicPartition partition;
    private final Deque<Entry> open = new ArrayDeque<>();
    private long handedOn;
    private long acknowledged;
    private boolean closed;

    /** @param from the first offset that this assignment reads */
    PartitionLedger(TopicPartition partition, long from) {
        this.partition = partition;
        this.handedOn = from;
        this.acknowledged = from;
    }

    TopicPartition partition() {
        return partition;
    }

    synchronized Entry open(long nextOffset) {
        Entry entry = new Entry(nextOffset);
        open.add(entry);
        handedOn = nextOffset;
        return entry;
    }

    /** The offset behind everything that was handed on. */
    synchronized long handedOn() {
        return handedOn;
    }

    /** The offset behind everything that is acknowledged without a gap. */
    synchronized long acknowledged() {
        return acknowledged;
    }

    synchronized boolean idle() {
        return open.isEmpty();
    }

    /** The assignment is over: acknowledgements come too late from now on. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean closed() {
        return closed;
    }

    /** One portion that was handed on. */
    final class Entry {
        private final long nextOffset;
        private boolean done;

        private Entry(long nextOffset) {
            this.nextOffset = nextOffset;
        }

        void acknowledge() {
            synchronized (PartitionLedger.this) {
                done = true;
                if (closed) {
                    return;
                }
                for (Entry first = open.peek(); first != null && first.done; first = open.peek()) {
                    acknowledged = first.nextOffset;
                    open.remove();
                }
            }
        }

        PartitionLedger ledger() {
            return PartitionLedger.this;
        }
    }
}
