package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradstream.connectors.rows.Origin;
import io.gradstream.connectors.rows.UndecodableException;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be used, as it was, with the reason.
 *
 * @param headers those it came with, without ours
 * @param error what was wrong, in a sentence
 * @param reason what was wrong, in a word, such as {@code missing-column}
 * @param row the row within the record, where one row is to blame
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to a producer: nobody compares them
public record DeadLetter(
        byte @Nullable [] key,
        byte @Nullable [] value,
        Headers headers,
        Origin origin,
        String error,
        String reason,
        OptionalInt row) {
    static final String OURS = "gradstream.";
    private static final int LONGEST_ERROR = 4096;
    private static final String ERROR = OURS + "error";
    private static final String REASON = OURS + "reason";
    private static final String TOPIC = OURS + "topic";
    private static final String PARTITION = OURS + "partition";
    private static final String OFFSET = OURS + "offset";
    private static final String ROW = OURS + "row";

    /** Spelled out because compact constructors lose the annotations of their parameters in class files. */
    public DeadLetter(
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers,
            Origin origin,
            String error,
            String reason,
            OptionalInt row) {
        this.key = key;
        this.value = value;
        this.headers = headers;
        this.origin = origin;
        this.error = error;
        this.reason = reason;
        this.row = row;
    }

    /** The letter for a record that a decoder refused. */
    public static DeadLetter of(
            byte @Nullable [] key, byte @Nullable [] value, Headers headers, Origin origin, UndecodableException why) {
        return new DeadLetter(
                key,
                value,
                headers,
                origin,
                String.valueOf(why.getMessage()),
                why.reason().label(),
                why.row());
    }

    /** The record to send; a letter that was one before carries the newest reason only. */
    public ProducerRecord<byte[], byte[]> toRecord(String topic) {
        Headers all = new RecordHeaders();
        for (Header header : headers) {
            if (!header.key().startsWith(OURS)) {
                all.add(header);
            }
        }
        add(all, ERROR, error.length() > LONGEST_ERROR ? error.substring(0, LONGEST_ERROR) + "…" : error);
        add(all, REASON, reason);
        add(all, TOPIC, origin.topic());
        add(all, PARTITION, Integer.toString(origin.partition()));
        add(all, OFFSET, Long.toString(origin.offset()));
        row.ifPresent(number -> add(all, ROW, Integer.toString(number)));
        return new ProducerRecord<>(topic, null, null, key, value, all);
    }

    /** Reads a letter back from its topic. */
    public static DeadLetter parse(ConsumerRecord<byte[], byte[]> letter) {
        Headers original = new RecordHeaders();
        for (Header header : letter.headers()) {
            if (!header.key().startsWith(OURS)) {
                original.add(header);
            }
        }
        try {
            Header row = letter.headers().lastHeader(ROW);
            return new DeadLetter(
                    letter.key(),
                    letter.value(),
                    original,
                    new Origin(
                            text(letter, TOPIC),
                            Integer.parseInt(text(letter, PARTITION)),
                            Long.parseLong(text(letter, OFFSET))),
                    text(letter, ERROR),
                    text(letter, REASON),
                    row == null
                            ? OptionalInt.empty()
                            : OptionalInt.of(Integer.parseInt(new String(row.value(), UTF_8))));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("a dead letter must name its origin: offset=" + letter.offset(), e);
        }
    }

    private static void add(Headers to, String name, String value) {
        to.add(name, value.getBytes(UTF_8));
    }

    private static String text(ConsumerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        if (header == null) {
            throw new MalformedException(
                    "a dead letter must have our headers: missing=" + name + " offset=" + letter.offset());
        }
        return new String(header.value(), UTF_8);
    }
}
