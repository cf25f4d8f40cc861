package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gradstream.connectors.rows.Origin;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class LetterWriterTest {
    private static final byte[] KEY = new byte[100];
    private static final byte[] VALUE = new byte[10_000];

    static {
        Arrays.fill(VALUE, (byte) 7);
    }

    @Test
    void leavesALetterThatFitsAsItIs() {
        ProducerRecord<byte[], byte[]> record = writer(20_000).write(letter(headers(10)), true);

        assertThat(record.value()).isSameAs(VALUE);
        assertThat(record.key()).isSameAs(KEY);
        assertThat(record.headers().lastHeader("trace")).isNotNull();
        assertThat(record.headers().lastHeader("gradstream.truncated")).isNull();
    }

    @Test
    void leavesOutTheValueFirstAndSaysWhichItWas() throws Exception {
        ProducerRecord<byte[], byte[]> record = writer(10_000).write(letter(headers(1_000)), true);

        assertThat(record.value()).isNull();
        assertThat(record.key()).isSameAs(KEY);
        assertThat(record.headers().lastHeader("trace").value()).hasSize(1_000);
        JsonNode truncated = truncated(record);
        assertThat(truncated.get("value").get("bytes").asInt()).isEqualTo(VALUE.length);
        assertThat(truncated.get("value").get("sha256").asText()).isEqualTo(sha256(VALUE));
        assertThat(truncated).hasSize(1);
        assertThat(text(record, "gradstream.offset")).isEqualTo("77");
    }

    @Test
    void leavesOutHeadersThatAreTooLargeAsWellAndKeepsItsOwn() throws Exception {
        ProducerRecord<byte[], byte[]> record = writer(10_000).write(letter(headers(10_000)), true);

        assertThat(record.headers().lastHeader("trace")).isNull();
        assertThat(record.key()).isSameAs(KEY);
        assertThat(truncated(record).get("headers").get("bytes").asInt()).isEqualTo("trace".length() + 10_000);
        assertThat(text(record, "gradstream.reason")).isEqualTo("corrupt");
    }

    @Test
    void leavesOutEvenTheKey() throws Exception {
        DeadLetter letter = new DeadLetter(
                new byte[10_000],
                VALUE,
                headers(1),
                new Origin("events", 2, 77),
                "bytes",
                "corrupt",
                OptionalInt.empty());
        ProducerRecord<byte[], byte[]> record = writer(5_000).write(letter, true);

        assertThat(record.key()).isNull();
        assertThat(truncated(record).get("key").get("bytes").asInt()).isEqualTo(10_000);
    }

    @Test
    void leavesOutAValueThatAnotherLetterCarries() throws Exception {
        ProducerRecord<byte[], byte[]> record = writer(1 << 20).write(letter(headers(10)), false);

        assertThat(record.value()).isNull();
        assertThat(record.headers().lastHeader("trace")).isNotNull();
        assertThat(truncated(record).get("value").get("sha256").asText()).isEqualTo(sha256(VALUE));
    }

    @Test
    void asksForTheLimitOnceAndAgainWhenToldTo() {
        AtomicInteger asked = new AtomicInteger();
        LetterWriter writer = new LetterWriter("dead", () -> asked.getAndIncrement() == 0 ? 1 << 20 : 5_000);
        assertThat(writer.write(letter(headers(1)), true).value()).isSameAs(VALUE);
        assertThat(writer.write(letter(headers(1)), true).value()).isSameAs(VALUE);
        assertThat(asked).hasValue(1);

        writer.askAgain();
        assertThat(writer.write(letter(headers(1)), true).value()).isNull();
        assertThat(asked).hasValue(2);
    }

    private static LetterWriter writer(int most) {
        return new LetterWriter("dead", () -> most);
    }

    private static DeadLetter letter(Headers headers) {
        return new DeadLetter(
                KEY,
                VALUE,
                headers,
                new Origin("events", 2, 77),
                "bytes must make sense",
                "corrupt",
                OptionalInt.of(3));
    }

    private static Headers headers(int bytes) {
        return new RecordHeaders().add("trace", new byte[bytes]);
    }

    private static JsonNode truncated(ProducerRecord<byte[], byte[]> record) throws Exception {
        return new JsonMapper().readTree(text(record, "gradstream.truncated"));
    }

    private static String text(ProducerRecord<byte[], byte[]> record, String header) {
        Header found = requireNonNull(record.headers().lastHeader(header), header);
        return new String(found.value(), UTF_8);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
