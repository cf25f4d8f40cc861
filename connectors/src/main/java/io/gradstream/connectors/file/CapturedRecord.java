package io.gradstream.connectors.file;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record as it stood on its topic. */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to a producer: nobody compares them
public record CapturedRecord(
        String topic,
        int partition,
        long offset,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers) {
    // The constructors are spelled out because compact ones lose the annotations of their parameters in class files.

    public CapturedRecord(
            String topic,
            int partition,
            long offset,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Header> headers) {
        this.topic = topic;
        this.partition = partition;
        this.offset = offset;
        this.timestamp = timestamp;
        this.key = key;
        this.value = value;
        this.headers = List.copyOf(headers);
    }

    /** A header, which may come several times by the same name. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    public record Header(String name, byte @Nullable [] value) {
        public Header(String name, byte @Nullable [] value) {
            this.name = name;
            this.value = value;
        }
    }
}
