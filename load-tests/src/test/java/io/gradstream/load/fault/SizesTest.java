package io.gradstream.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.load.outside.PlainTopic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Messages of every size through the whole service, and dead letters that are larger than their topic takes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SizesTest {
    private static final int MILLION = 1_000_000;

    private EmbeddedBroker broker;
    private Path folder;

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        broker = EmbeddedBroker.builder().start();
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    @Test
    void takesRecordsUpToTheLimitAndBuriesLargerOnes() throws Exception {
        byte[] atLimit = rows(1_000, 2, 0);
        List<byte[]> messages = List.of(rows(10, 2, 0), atLimit, rows(1_008, 2, 0), rows(0, 2, 0), rows(1, 10_000, 0));
        List<Integer> rows = List.of(10, 1_000, -1, -1, -1);
        try (Input input = new Input(broker.bootstrap()).topic("limit.events", 1)) {
            messages.forEach(message -> input.send("limit.events", 0, message));
        }
        train("limit", "arrow", atLimit.length, "idle: 1s");

        Fates fates = Fates.read(broker.bootstrap(), "limit");
        fates.assertEachRowOnce(
                new TopicPartition("limit.events", 0), 0, messages.size(), (_, offset) -> rows.get(offset.intValue()));
        assertThat(fates.reasons()).isEqualTo(Map.of("too-large", 2, "empty", 1));
    }

    @Test
    void learnsFromAMillionRowsInOneMessageAndFromThousandsOfColumns() throws Exception {
        int bad = 20_000;
        byte[] million = rows(MILLION, 2, bad);
        try (Input input = new Input(broker.bootstrap()).topic("large.events", 1)) {
            input.send("large.events", 0, million);
            input.send("large.events", 0, rows(3, 10_000, 0));
        }
        train("large", "arrow", 64 << 20, "rows: " + (MILLION - bad + 3));

        List<Boolean> whole = new ArrayList<>();
        String hash = sha256(million);
        Fates fates = Fates.read(broker.bootstrap(), "large", letter -> {
            whole.add(letter.value() != null);
            assertThat(letter.value() == null ? sha256(letter) : sha256(letter.value()))
                    .isEqualTo(hash);
        });
        int[] rows = {MILLION, 3};
        fates.assertEachRowOnce(
                new TopicPartition("large.events", 0), 0, rows.length, (_, offset) -> rows[offset.intValue()]);
        assertThat(whole).hasSize(bad).startsWith(true);
        assertThat(whole.stream().filter(each -> each).count()).isLessThan(bad / 100);
    }

    @Test
    void learnsFromAMillionObjectsInOneArrayAndBuriesWhatIsNestedWithoutEnd() throws Exception {
        StringBuilder array = new StringBuilder("[");
        for (int i = 0; i < MILLION; i++) {
            array.append(i == 0 ? "" : ",").append("{\"f0\":1,\"c\":1}");
        }
        String deep = "[".repeat(100_000);
        try (Input input = new Input(broker.bootstrap()).topic("objects.events", 1)) {
            input.send("objects.events", 0, array.append(']').toString().getBytes(UTF_8));
            input.send("objects.events", 0, deep.getBytes(UTF_8));
            input.send("objects.events", 0, ("{\"f0\":" + deep).getBytes(UTF_8));
            input.send("objects.events", 0, ("{\"unwanted\":" + deep).getBytes(UTF_8));
            input.send("objects.events", 0, "{\"a\":".repeat(100_000).getBytes(UTF_8));
        }
        train("objects", "json", 64 << 20, "idle: 1s");

        Fates fates = Fates.read(broker.bootstrap(), "objects");
        fates.assertEachRowOnce(new TopicPartition("objects.events", 0), 0, 5, (_, _) -> MILLION);
        assertThat(fates.rowsLearned(MILLION)).isEqualTo(MILLION);
        assertThat(fates.letters()).isEqualTo(4);
    }

    @Test
    void sendsLettersThatTheirTopicDoesNotTakeWithoutWhatDoesNotFit() throws Exception {
        int most = 200_000;
        byte[] large = new byte[300_000];
        RecordHeader small = new RecordHeader("trace", new byte[10]);
        RecordHeader huge = new RecordHeader("trace", new byte[300_000]);
        try (Input input = new Input(broker.bootstrap())
                .topic("narrow.events", 1)
                .topic("narrow.dead", 1, Map.of("max.message.bytes", Integer.toString(most)))) {
            input.send("narrow.events", 0, new byte[100_000], small);
            input.send("narrow.events", 0, large, small);
            input.send("narrow.events", 0, new byte[100], huge);
            input.send("narrow.events", 0, rows(10, 2, 0));
        }
        Service.Run run = train("narrow", "arrow", 64 << 20, "rows: 10");

        List<ConsumerRecord<byte[], byte[]>> letters = letters("narrow");
        Fates.read(broker.bootstrap(), "narrow")
                .assertEachRowOnce(new TopicPartition("narrow.events", 0), 0, 4, (_, _) -> 10);
        assertThat(letters).hasSize(3);
        assertThat(letters.get(0).value()).hasSize(100_000);
        assertThat(letters.get(0).headers().lastHeader("gradstream.truncated")).isNull();
        assertThat(letters.get(1).value()).isNull();
        assertThat(letters.get(1).headers().lastHeader("trace").value()).hasSize(10);
        assertThat(sha256(letters.get(1))).isEqualTo(sha256(large));
        assertThat(letters.get(2).headers().lastHeader("trace")).isNull();
        assertThat(Fates.header(letters.get(2), "gradstream.truncated")).contains("\"headers\":{\"bytes\":300005");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void noticesThatTheDeadLetterTopicTakesLessThanBefore() throws Exception {
        try (Input input =
                new Input(broker.bootstrap()).topic("shrunk.events", 1).topic("shrunk.dead", 1)) {
            input.send("shrunk.events", 0, new byte[100_000]);
            input.flush();
            CompletableFuture<Service.Run> run =
                    service("shrunk", "arrow", 64 << 20, "rows: 10").start();
            while (!run.isDone() && letters("shrunk").isEmpty()) {
                Thread.sleep(50);
            }
            input.set("shrunk.dead", "max.message.bytes", "20000");
            input.send("shrunk.events", 0, new byte[100_000]);
            input.send("shrunk.events", 0, rows(10, 2, 0));
            input.flush();
            assertThat(run.get().exitCode()).as(run.get().said()).isZero();
        }
        List<ConsumerRecord<byte[], byte[]>> letters = letters("shrunk");
        assertThat(letters).hasSize(2);
        assertThat(letters.get(0).value()).hasSize(100_000);
        assertThat(letters.get(1).value()).isNull();
    }

    private Service.Run train(String name, String format, int largest, String stop) throws IOException {
        Service.Run run = service(name, format, largest, stop).train();
        assertThat(run.exitCode()).as(run.said()).isZero();
        return run;
    }

    private Service service(String name, String format, int largest, String stop) throws IOException {
        return new Service(
                folder, name, """
                name: %1$s
                kafka: {bootstrap: "%2$s"}
                source: {topics: [%1$s.events], format: %3$s, start: earliest, maxRecordSize: %4$dB}
                features: [{column: f0, type: numeric}]
                label: {column: c}
                model: {type: linear}
                loss: binary-cross-entropy
                training: {microBatch: 1024, optimizer: {type: sgd, learningRate: 0.1}}
                publish: {weights: {every: 100 steps}, metrics: {every: 100 steps}}
                checkpoint: {directory: "%5$s"}
                stop: {%6$s}
                http: {port: off}
                """.formatted(name, broker.bootstrap(), format, largest, folder.resolve(name), stop));
    }

    private List<ConsumerRecord<byte[], byte[]>> letters(String name) {
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        PlainTopic.forEach(broker.bootstrap(), name + ".dead", letters::add);
        return letters;
    }

    /** Bytes in columns {@code f0 …} and {@code c}; the last {@code bad} rows have no sound label. */
    private static byte[] rows(int rows, int columns, int bad) throws IOException {
        ArrowType type = new ArrowType.Int(8, true);
        List<Field> fields = IntStream.range(0, columns)
                .mapToObj(i -> Field.notNullable(i == columns - 1 ? "c" : "f" + i, type))
                .toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(fields), allocator);
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(bytes))) {
            for (int i = 0; i < columns; i++) {
                TinyIntVector column = (TinyIntVector) root.getVector(i);
                column.allocateNew(rows);
                for (int row = 0; row < rows; row++) {
                    boolean label = i == columns - 1;
                    column.set(row, label && row >= rows - bad ? 7 : row & 1);
                }
            }
            root.setRowCount(rows);
            writer.writeBatch();
            writer.end();
        }
        return bytes.toByteArray();
    }

    /** The hash of the value that a letter had to leave behind. */
    private static String sha256(ConsumerRecord<byte[], byte[]> letter) {
        try {
            return new JsonMapper()
                    .readTree(Fates.header(letter, "gradstream.truncated"))
                    .get("value")
                    .get("sha256")
                    .asText();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
