package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes records of dead letters, each no larger than their topic takes.
 *
 * <p>Of a letter that is larger, the value stays behind, then the original headers, then the key, until it fits. The header {@code
 * gradstream.truncated} then says how many bytes each of them had and which: {@code {"value": {"bytes": …, "sha256": …}}}. A letter
 * always goes out: one that its topic refuses would keep the version that it belongs to from ever being published.
 */
public final class LetterWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LetterWriter.class);
    private static final String TRUNCATED = DeadLetter.OURS + "truncated";

    /** What Kafka writes around a record and a batch of one, with room to spare. */
    private static final int ENVELOPE = 1024;

    private static final int HEADER_ENVELOPE = 16;
    private static final int UNKNOWN = -1;

    private final String topic;
    private final IntSupplier largestRecord;
    private int most = UNKNOWN;
    private boolean said;
    private byte @Nullable [] hashed;
    private String hash = "";

    /** @param largestRecord asks how many bytes a record of the topic may have */
    public LetterWriter(String topic, IntSupplier largestRecord) {
        this.topic = topic;
        this.largestRecord = largestRecord;
    }

    /** Forgets how large a record may be: the topic may have been changed since. */
    public void askAgain() {
        most = UNKNOWN;
    }

    /**
     * The record of a letter.
     *
     * @param withValue whether the value should come along where it fits
     */
    public ProducerRecord<byte[], byte[]> write(DeadLetter letter, boolean withValue) {
        Draft draft = new Draft(letter.toRecord(topic));
        if (!withValue) {
            draft.leaveValue();
        }
        if (draft.bytes() > most()) {
            say(letter, draft.bytes());
            draft.leaveValue();
            if (draft.bytes() > most()) {
                draft.leaveHeaders();
            }
            if (draft.bytes() > most()) {
                draft.leaveKey();
            }
        }
        return draft.record();
    }

    private int most() {
        if (most == UNKNOWN) {
            most = largestRecord.getAsInt();
        }
        return most;
    }

    private void say(DeadLetter letter, long bytes) {
        if (!said) {
            said = true;
            LOG.warn(
                    "a dead letter is larger than its topic takes and goes without what does not fit, as will others:"
                            + " topic={} bytes={} limit={} origin={}",
                    topic,
                    bytes,
                    most(),
                    letter.origin());
        }
    }

    /** Many letters in a row may be of one record. */
    @SuppressWarnings("ReferenceEquality") // looking at every byte is what is to be saved
    private String hashOf(byte[] value) {
        if (value != hashed) {
            hash = sha256(value);
            hashed = value;
        }
        return hash;
    }

    private static String sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM must have SHA-256", e);
        }
    }

    /** A record, and what was left out of it so far. */
    private final class Draft {
        private final ObjectNode truncated = Json.object();
        private final Headers headers;
        private byte @Nullable [] key;
        private byte @Nullable [] value;

        Draft(ProducerRecord<byte[], byte[]> whole) {
            this.key = whole.key();
            this.value = whole.value();
            this.headers = whole.headers();
        }

        void leaveValue() {
            byte[] left = value;
            if (left != null && left.length > 0) {
                truncated.putObject("value").put("bytes", left.length).put("sha256", hashOf(left));
                value = null;
            }
        }

        void leaveKey() {
            byte[] left = key;
            if (left != null) {
                truncated.putObject("key").put("bytes", left.length).put("sha256", sha256(left));
                key = null;
            }
        }

        void leaveHeaders() {
            List<byte[]> left = new ArrayList<>();
            for (Header header : headers.toArray()) {
                if (!header.key().startsWith(DeadLetter.OURS)) {
                    left.add(header.key().getBytes(UTF_8));
                    left.add(header.value() == null ? new byte[0] : header.value());
                    headers.remove(header.key());
                }
            }
            if (!left.isEmpty()) {
                truncated
                        .putObject("headers")
                        .put(
                                "bytes",
                                left.stream().mapToInt(part -> part.length).sum())
                        .put("sha256", sha256(left.toArray(byte[][]::new)));
            }
        }

        long bytes() {
            long bytes = (long) ENVELOPE + length(key) + length(value);
            for (Header header : headers) {
                bytes += size(header);
            }
            return bytes;
        }

        ProducerRecord<byte[], byte[]> record() {
            Headers all = new RecordHeaders(headers);
            if (!truncated.isEmpty()) {
                all.add(TRUNCATED, Json.bytes(truncated));
            }
            return new ProducerRecord<>(topic, null, null, key, value, all);
        }

        private static long size(Header header) {
            return HEADER_ENVELOPE + header.key().getBytes(UTF_8).length + (long) length(header.value());
        }

        private static int length(byte @Nullable [] bytes) {
            return bytes == null ? 0 : bytes.length;
        }
    }
}
