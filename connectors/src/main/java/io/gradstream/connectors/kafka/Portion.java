package io.gradstream.connectors.kafka;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Part of what one poll brought of one partition, not yet handed on. It has no records where the broker had only transaction
 * markers to tell of.
 */
record Portion(PartitionLedger ledger, List<ConsumerRecord<byte[], ByteBuffer>> records, long nextOffset) {

    /** Cuts polled records so that no portion has more value bytes than allowed, except where one record alone has. */
    static void cut(
            List<ConsumerRecord<byte[], ByteBuffer>> records,
            long nextOffset,
            PartitionLedger ledger,
            int mostBytes,
            Consumer<Portion> to) {
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < records.size(); i++) {
            int size = Math.max(0, records.get(i).serializedValueSize());
            if (i > from && bytes + size > mostBytes) {
                to.accept(new Portion(
                        ledger, records.subList(from, i), records.get(i).offset()));
                from = i;
                bytes = 0;
            }
            bytes += size;
        }
        to.accept(new Portion(ledger, records.subList(from, records.size()), nextOffset));
    }
}
