package io.gradstream.connectors.kafka;

import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Takes a record out of the fetch response that it is a slice of, which can then be collected. */
final class RecordCopy {
    private RecordCopy() {}

    static PolledRecord of(ConsumerRecord<byte[], ByteBuffer> record) {
        return new PolledRecord(
                record.offset(), record.timestamp(), record.key(), copy(record.value()), record.headers());
    }

    private static @Nullable ByteBuffer copy(@Nullable ByteBuffer value) {
        if (value == null) {
            return null;
        }
        byte[] bytes = new byte[value.remaining()];
        value.get(value.position(), bytes);
        return ByteBuffer.wrap(bytes);
    }
}
