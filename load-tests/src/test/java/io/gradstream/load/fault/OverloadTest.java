package io.gradstream.load.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.broker.EmbeddedBroker;
import io.gradstream.load.outside.FrontDoor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten times more input than training can take: memory stays as it was, what waits, waits in the topic, and all of it is learned from.
 *
 * <p>Messages come as fast as training was measured to be, and training is held whenever it has taken a tenth of them, while everything
 * before it goes on at full speed. When no more come it is let go, so that it catches up in about the time that the overload took.
 *
 * <p>{@code ./gradstream test -pl load-tests -am -Dtest=OverloadTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dgradstream.overload.seconds=600} overloads for ten minutes.
 */
class OverloadTest {
    private static final int SECONDS = Integer.getInteger("gradstream.overload.seconds", 15);
    private static final int TIMES = 10;
    private static final int LOOKS = 5;
    private static final int WARM_UP = 100;
    private static final int MEASURED = 100;
    private static final int ROWS = 200;
    private static final int PADDINGS = 6;
    private static final long TOLERANCE = 48 << 20;
    private static final String EVENTS = "overload.events";

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;
    private Input input;
    private FrontDoor trainer;
    private ControlRoom room;

    private final byte[] message = message();
    private int sent;
    private boolean held;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.builder().directory(folder.resolve("kafka")).start();
        input = new Input(broker.bootstrap()).topic(EVENTS, 1);
        trainer = train();
        room = ControlRoom.of(trainer);
    }

    @AfterEach
    void stop() {
        room.close();
        trainer.close();
        input.close();
        broker.close();
    }

    @Test
    void takesWhatItCanAndLeavesTheRestWhereItIs() throws Exception {
        double perSecond = measure();
        int warm = sent;
        System.out.printf("overload: seconds=%d messages/s=%.0f bytes=%d%n", SECONDS, perSecond, message.length);

        List<Memory> memory = new ArrayList<>();
        long lag = 0;
        long begin = System.nanoTime();
        for (int look = 1; look <= LOOKS; look++) {
            overload(warm, perSecond, begin, (double) SECONDS * look / LOOKS);
            hold(true); // else what is made between the end of a collection and the look would count
            memory.add(Memory.of(trainer.pid()));
            long before = lag;
            lag = room.meter("gradstream_source_lag_records");
            System.out.printf(
                    "overload: sent=%d learned=%d lag=%d %s%n", sent - warm, steps() - warm, lag, memory.getLast());
            assertThat(lag).isGreaterThan(before);
        }
        assertThat(lag * message.length).as("bytes that wait").isGreaterThan(2 * TOLERANCE);
        assertThat(room.meter("gradstream_source_pauses_total")).isPositive();
        assertFlat(memory);

        hold(false);
        begin = System.nanoTime();
        awaitSteps(sent);
        System.out.printf("overload: caught up after %.0f s%n", (System.nanoTime() - begin) / 1e9);
        assertThat(trainer.terminate()).as(trainer.log()).isEqualTo(130);
        assertThat(trainer.log().lines().filter(line -> line.contains("partitions assigned")))
                .hasSize(1);
        assertThat(trainer.log()).doesNotContain("partitions lost");
        Fates fates = Fates.read(broker.bootstrap(), "overload");
        assertThat(fates.letters()).isZero();
        fates.assertEachRowOnce(new TopicPartition(EVENTS, 0), 0, sent, (_, _) -> ROWS);
    }

    /** What may be buffered is so from the first look on. */
    private static void assertFlat(List<Memory> memory) {
        Memory first = memory.getFirst();
        for (Memory later : memory) {
            assertThat(later.heap()).isLessThan(first.heap() + TOLERANCE);
            assertThat(later.arenas()).isLessThan(first.arenas() + TOLERANCE);
            assertThat(later.resident()).isLessThan(first.resident() + TOLERANCE);
        }
    }

    /** How many messages a second training takes when it is let. */
    private double measure() throws Exception {
        send(WARM_UP + MEASURED);
        awaitSteps(WARM_UP);
        long from = steps();
        long begin = System.nanoTime();
        awaitSteps(sent);
        return (sent - from) * 1e9 / (System.nanoTime() - begin);
    }

    /** Goes on sending until so many seconds have passed since the beginning. */
    private void overload(int warm, double perSecond, long begin, double seconds) throws Exception {
        for (double passed = 0; passed < seconds; passed = (System.nanoTime() - begin) / 1e9) {
            send(warm + (int) (passed * perSecond) - sent);
            hold((steps() - warm) * TIMES >= sent - warm);
            Thread.sleep(50);
        }
    }

    private void send(int messages) {
        for (int i = 0; i < messages; i++) {
            input.send(EVENTS, 0, message);
            sent++;
        }
        input.flush();
    }

    private void hold(boolean value) throws Exception {
        if (value != held) {
            room.control(value ? "pause" : "resume");
            held = value;
        }
    }

    private long steps() throws Exception {
        return room.meter("gradstream_training_steps");
    }

    private void awaitSteps(long steps) throws Exception {
        while (steps() < steps) {
            Thread.sleep(20);
        }
    }

    /** Rows with texts that nobody wants, so that what is buffered would be seen. */
    private static byte[] message() {
        SequencedMap<String, ArrowType> columns = new LinkedHashMap<>(Encoding.USUAL.columns());
        for (int i = 0; i < PADDINGS; i++) {
            columns.put("padding" + i, new ArrowType.Utf8());
        }
        return new Encoding(columns).message(Purchase.random(new SplittableRandom(1), ROWS), ROWS);
    }

    private FrontDoor train() throws IOException {
        Path file = Files.writeString(folder.resolve("overload.yaml"), """
                name: overload
                kafka: {bootstrap: "%s"}
                source: {topics: [%s], start: earliest}
                %s
                model: {type: mlp, hidden: [512, 512]}
                loss: binary-cross-entropy
                training: {microBatch: %d, flush: off, optimizer: {type: adamw, learningRate: 0.0001}}
                publish: {weights: {every: 200 steps}}
                checkpoint: {directory: checkpoints, every: 1000 steps}
                http: {port: 0, token: %s}
                """.formatted(
                        broker.bootstrap(), EVENTS, Purchase.COLUMNS, ROWS, ControlRoom.TOKEN));
        return FrontDoor.start(
                folder,
                "overload",
                List.of(),
                Map.of("JAVA_TOOL_OPTIONS", Memory.OPTIONS),
                "train",
                "-c",
                file.toString());
    }
}
