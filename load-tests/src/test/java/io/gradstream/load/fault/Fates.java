package io.gradstream.load.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gradstream.load.outside.PlainTopic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToIntBiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * What became of every row of the input, by the two places that say so: the journal and the dead letters, read with a plain consumer
 * and by the words of {@code docs/topics.md} alone.
 *
 * <p>A row has exactly one fate: it is in one range of the journal, or one letter names it, or one letter names its whole record.
 * Ranges and letters of a partition, put in order, must therefore follow each other without a gap and without an overlap.
 */
final class Fates {
    /** Stands for the rows of a record of which nobody outside can say how many it has. */
    static final ToIntBiFunction<TopicPartition, Long> ROWS_UNKNOWN = (_, _) -> -1;

    private static final JsonMapper JSON = new JsonMapper();

    /** Reasons for which one row is left out; all others condemn the record, also where they name the row at fault. */
    private static final Set<String> OF_ROWS =
            Set.of("missing-label", "bad-label", "bad-weight", "not-finite", "bad-category", "poison");

    private record Place(long offset, int row) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return Comparator.comparingLong(Place::offset)
                    .thenComparingInt(Place::row)
                    .compare(this, other);
        }
    }

    private record Fate(Place from, Place to, String what) {}

    private final Map<TopicPartition, List<Fate>> fates =
            new TreeMap<>(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));
    private final Map<String, Integer> reasons = new TreeMap<>();
    private long steps;
    private int ranges;
    private int letters;

    private Fates() {}

    /** Reads the journal and the dead letters of a trainer as they are now. */
    static Fates read(String bootstrap, String name) {
        return read(bootstrap, name, _ -> {});
    }

    /** Reads both, and shows each letter to somebody who wants to see what it carries. */
    static Fates read(String bootstrap, String name, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        Fates fates = new Fates();
        PlainTopic.forEach(bootstrap, name + ".journal", fates::learned);
        PlainTopic.forEach(bootstrap, name + ".dead", letter -> {
            fates.buried(letter);
            reader.accept(letter);
        });
        fates.fates.values().forEach(each -> each.sort(Comparator.comparing(Fate::from)));
        return fates;
    }

    /** How many steps there are in the journal now; none where there is no journal yet. */
    static long steps(String bootstrap, String name) {
        Fates fates = new Fates();
        PlainTopic.forEach(bootstrap, name + ".journal", fates::learned);
        return fates.steps;
    }

    private void learned(ConsumerRecord<byte[], byte[]> record) {
        JsonNode step = json(record);
        if (step.has("rollback")) {
            return;
        }
        long number = step.get("step").asLong();
        if (number != steps + 1) {
            throw new AssertionError("steps must be numbered without a gap: before=" + steps + " step=" + number);
        }
        steps = number;
        for (JsonNode range : step.get("ranges")) {
            TopicPartition partition = new TopicPartition(
                    range.get("topic").asText(), range.get("partition").asInt());
            add(partition, new Fate(place(range.get("from")), place(range.get("to")), "step " + number));
            ranges++;
        }
    }

    private void buried(ConsumerRecord<byte[], byte[]> letter) {
        String reason = header(letter, "gradstream.reason");
        TopicPartition partition = partitionOf(letter);
        long offset = offsetOf(letter);
        OptionalInt row = OF_ROWS.contains(reason)
                ? OptionalInt.of(Integer.parseInt(header(letter, "gradstream.row")))
                : OptionalInt.empty();
        Fate fate = row.isPresent()
                ? new Fate(new Place(offset, row.getAsInt()), new Place(offset, row.getAsInt() + 1), "letter " + reason)
                : new Fate(new Place(offset, 0), new Place(offset + 1, 0), "letter " + reason);
        add(partition, fate);
        reasons.merge(reason, 1, Integer::sum);
        letters++;
    }

    private void add(TopicPartition partition, Fate fate) {
        fates.computeIfAbsent(partition, _ -> new ArrayList<>()).add(fate);
    }

    /** Where the record of a letter stood. */
    static TopicPartition partitionOf(ConsumerRecord<byte[], byte[]> letter) {
        return new TopicPartition(
                header(letter, "gradstream.topic"), Integer.parseInt(header(letter, "gradstream.partition")));
    }

    static long offsetOf(ConsumerRecord<byte[], byte[]> letter) {
        return Long.parseLong(header(letter, "gradstream.offset"));
    }

    static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        if (header == null) {
            throw new AssertionError("a letter must have the header: name=" + name + " letter=" + letter.offset());
        }
        return new String(header.value(), UTF_8);
    }

    /** Takes note of records that nobody could learn from, because they were deleted before. */
    void gone(TopicPartition partition, long from, long to) {
        add(partition, new Fate(new Place(from, 0), new Place(to, 0), "gone"));
        fates.values().forEach(each -> each.sort(Comparator.comparing(Fate::from)));
    }

    /** Demands that every row of a partition between two offsets, and no other, has one fate. */
    void assertEachRowOnce(
            TopicPartition partition, long from, long to, ToIntBiFunction<TopicPartition, Long> rowsOfRecord) {
        Place next = new Place(from, 0);
        String before = "the beginning";
        for (Fate fate : fates.getOrDefault(partition, List.of())) {
            if (!follows(partition, next, before, fate.from, rowsOfRecord)) {
                throw new AssertionError("a row must have one fate: partition=" + partition + " expected=" + next
                        + " after=" + before + " found=" + fate);
            }
            next = fate.to;
            before = fate.what;
        }
        if (!follows(partition, next, before, new Place(to, 0), rowsOfRecord)) {
            throw new AssertionError(
                    "the last row must have a fate: partition=" + partition + " end=" + to + " reached=" + next);
        }
    }

    /** Behind the last row of a record stands its successor; a letter cannot know that its row was the last. */
    private static boolean follows(
            TopicPartition partition,
            Place end,
            String what,
            Place begin,
            ToIntBiFunction<TopicPartition, Long> rowsOfRecord) {
        if (end.equals(begin)) {
            return true;
        }
        int rows = rowsOfRecord.applyAsInt(partition, end.offset());
        return what.startsWith("letter")
                && begin.equals(new Place(end.offset() + 1, 0))
                && (rows < 0 || rows == end.row());
    }

    /** The rows learned from, of records of which all have so many. */
    long rowsLearned(int rowsOfRecord) {
        long rows = 0;
        for (List<Fate> each : fates.values()) {
            for (Fate fate : each) {
                if (fate.what.startsWith("step")) {
                    rows += (fate.to.offset() - fate.from.offset()) * rowsOfRecord + fate.to.row() - fate.from.row();
                }
            }
        }
        return rows;
    }

    long steps() {
        return steps;
    }

    int ranges() {
        return ranges;
    }

    int letters() {
        return letters;
    }

    /** How many letters give which reason. */
    Map<String, Integer> reasons() {
        return reasons;
    }

    private static Place place(JsonNode position) {
        return new Place(position.get("offset").asLong(), position.get("row").asInt());
    }

    private static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
        try {
            return JSON.readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
