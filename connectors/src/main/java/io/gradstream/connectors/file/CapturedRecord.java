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
    /** A header, which may come several times by the same name. */
    @SuppressWarnings("ArrayRecordComponent") // as above
    public record Header(String name, byte @Nullable [] value) {}

    public CapturedRecord {
        headers = List.copyOf(headers);
    }
}
