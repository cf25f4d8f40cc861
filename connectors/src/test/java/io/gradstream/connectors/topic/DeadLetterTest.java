package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.connectors.rows.Origin;
import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.UndecodableException.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class DeadLetterTest {
    private static final Origin ORIGIN = new Origin("events", 2, 77);

    @Test
    void carriesTheRecordAsItWasAndTheReason() {
        UndecodableException why = UndecodableException.atRow(5, Reason.WRONG_TYPE, "a value must be a number");
        Headers headers = new RecordHeaders().add("trace", new byte[] {1}).add("trace", new byte[] {2});
        ProducerRecord<byte[], byte[]> letter =
                DeadLetter.of(new byte[] {9}, new byte[0], headers, ORIGIN, why).toRecord("dead");

        assertThat(letter.topic()).isEqualTo("dead");
        assertThat(letter.key()).containsExactly(9);
        assertThat(letter.value()).isEmpty();
        assertThat(letter.headers().headers("trace")).hasSize(2);
        Map<String, String> ours = new TreeMap<>();
        letter.headers().forEach(header -> {
            if (header.key().startsWith("gradstream.")) {
                ours.put(header.key(), new String(header.value(), UTF_8));
            }
        });
        assertThat(ours)
                .isEqualTo(Map.of(
                        "gradstream.error", "a value must be a number row=5",
                        "gradstream.reason", "wrong-type",
                        "gradstream.topic", "events",
                        "gradstream.partition", "2",
                        "gradstream.offset", "77",
                        "gradstream.row", "5"));
    }

    @Test
    void readsWhatItWrites() {
        UndecodableException why = new UndecodableException(Reason.EMPTY, "record has no value");
        DeadLetter letter = DeadLetter.parse(
                read(DeadLetter.of(null, null, new RecordHeaders(), ORIGIN, why).toRecord("dead")));

        assertThat(letter.origin()).isEqualTo(ORIGIN);
        assertThat(letter.reason()).isEqualTo("empty");
        assertThat(letter.error()).isEqualTo("record has no value");
        assertThat(letter.row()).isEqualTo(OptionalInt.empty());
        assertThat(letter.key()).isNull();
        assertThat(letter.headers()).isEmpty();
    }

    @Test
    void carriesTheNewestReasonOnly() {
        DeadLetter first = DeadLetter.of(
                null, null, new RecordHeaders(), ORIGIN, new UndecodableException(Reason.EMPTY, "record has no value"));
        DeadLetter second = DeadLetter.of(
                null,
                null,
                first.toRecord("dead").headers(),
                new Origin("dead", 0, 1),
                new UndecodableException(Reason.CORRUPT, "a message must be sound"));

        assertThat(second.toRecord("dead").headers().headers("gradstream.reason"))
                .hasSize(1);
        assertThat(DeadLetter.parse(read(second.toRecord("dead"))).reason()).isEqualTo("corrupt");
    }

    @Test
    void isNoLetterWithoutAnOrigin() {
        assertThatThrownBy(() -> DeadLetter.parse(read(new ProducerRecord<>("dead", new byte[0]))))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("missing=gradstream.");
    }

    private static ConsumerRecord<byte[], byte[]> read(ProducerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                record.topic(),
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty());
    }
}
