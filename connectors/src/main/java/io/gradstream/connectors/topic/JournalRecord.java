package io.gradstream.connectors.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The rows that made one optimizer step, exactly. Its key on the journal topic is the model's name.
 *
 * @param version the newest published version when the step was taken
 * @param topics which topics the rows are in
 * @param ranges in the order in which their rows were learned from
 * @param poisoned rows that were read for the step and left out because they made it not finite, in the order in which they came
 * @param rollback the step to whose state the model went back, if this record stands for that instead of for rows
 * @param again what it learned from once more, if its rows are those of a step that a rollback has undone
 * @param published the version that was taken after this step, if one was
 */
public record JournalRecord(
        long version,
        long step,
        TopicIds topics,
        List<Range> ranges,
        List<Poisoned> poisoned,
        OptionalLong rollback,
        Optional<Again> again,
        Optional<PublishedVersion> published) {
    /**
     * Rows of one partition that follow each other.
     *
     * @param from the first row
     * @param to the place behind the last row; where the next range of the partition begins
     */
    public record Range(String topic, int partition, Position from, Position to) {
        public Range {
            if (from.compareTo(to) >= 0) {
                throw new IllegalArgumentException("a range must have rows: topic=" + topic + " partition=" + partition
                        + " from=" + from + " to=" + to);
            }
        }
    }

    /**
     * A row that was left out.
     *
     * @param at how many of the step's rows came before it
     */
    public record Poisoned(String topic, int partition, long offset, int row, int at) {
        public Poisoned {
            if (offset < 0 || row < 0 || at < 0) {
                throw new IllegalArgumentException(
                        "offset, row and place must not be negative: offset=" + offset + " row=" + row + " at=" + at);
            }
        }
    }

    /**
     * A step that is learned from once more.
     *
     * @param step the one whose rows these are
     * @param weight what the learning rate was multiplied by
     */
    public record Again(long step, double weight) {
        public Again {
            if (!(weight > 0 && weight <= 1)) {
                throw new IllegalArgumentException("a weight must be above 0 and at most 1: weight=" + weight);
            }
        }
    }

    /**
     * A version that was taken.
     *
     * @param sha256 what {@link Manifest#digest} says of it
     */
    public record PublishedVersion(long version, String sha256) {}

    public JournalRecord {
        ranges = List.copyOf(ranges);
        poisoned = List.copyOf(poisoned);
        Set<String> named = new HashSet<>();
        ranges.forEach(range -> named.add(range.topic()));
        poisoned.forEach(row -> named.add(row.topic()));
        topics = topics.of(named);
    }

    /** A step that learned from rows. */
    public static JournalRecord of(long version, long step, TopicIds topics, List<Range> ranges) {
        return of(version, step, topics, ranges, List.of());
    }

    /** A step that learned from rows without some that were left out. */
    public static JournalRecord of(
            long version, long step, TopicIds topics, List<Range> ranges, List<Poisoned> poisoned) {
        return new JournalRecord(
                version, step, topics, ranges, poisoned, OptionalLong.empty(), Optional.empty(), Optional.empty());
    }

    /** A step that went back to the state after an earlier one. */
    public static JournalRecord rollback(long version, long step, long to) {
        return new JournalRecord(
                version,
                step,
                TopicIds.NONE,
                List.of(),
                List.of(),
                OptionalLong.of(to),
                Optional.empty(),
                Optional.empty());
    }

    /** The same step, whose rows were those of an earlier one. */
    public JournalRecord repeating(Again earlier) {
        return new JournalRecord(version, step, topics, ranges, poisoned, rollback, Optional.of(earlier), published);
    }

    /** The same step, after which a version was taken. */
    public JournalRecord publishing(PublishedVersion taken) {
        return new JournalRecord(version, step, topics, ranges, poisoned, rollback, again, Optional.of(taken));
    }

    public byte[] toJson() {
        ObjectNode json = Json.object();
        json.put("version", version).put("step", step);
        topics.addTo(json);
        ArrayNode list = json.putArray("ranges");
        for (Range range : ranges) {
            ObjectNode entry = list.addObject();
            entry.put("topic", range.topic()).put("partition", range.partition());
            entry.set("from", json(range.from()));
            entry.set("to", json(range.to()));
        }
        if (!poisoned.isEmpty()) {
            ArrayNode rows = json.putArray("poisoned");
            for (Poisoned row : poisoned) {
                rows.addObject()
                        .put("topic", row.topic())
                        .put("partition", row.partition())
                        .put("offset", row.offset())
                        .put("row", row.row())
                        .put("at", row.at());
            }
        }
        rollback.ifPresent(to -> json.put("rollback", to));
        again.ifPresent(
                earlier -> json.putObject("again").put("step", earlier.step()).put("weight", earlier.weight()));
        published.ifPresent(taken ->
                json.putObject("published").put("version", taken.version()).put("sha256", taken.sha256()));
        return Json.bytes(json);
    }

    public static JournalRecord parse(byte[] value) {
        ObjectNode json = Json.object("journal record", value);
        return new JournalRecord(
                Json.integer(json, "version"),
                Json.integer(json, "step"),
                TopicIds.parse(json),
                ranges(json),
                json.has("poisoned") ? poisoned(json) : List.of(),
                json.has("rollback") ? OptionalLong.of(Json.integer(json, "rollback")) : OptionalLong.empty(),
                json.has("again") ? Optional.of(again(json)) : Optional.empty(),
                json.has("published") ? Optional.of(published(json)) : Optional.empty());
    }

    private static List<Range> ranges(ObjectNode json) {
        List<Range> ranges = new ArrayList<>();
        for (JsonNode entry : Json.array(json, "ranges")) {
            try {
                ranges.add(new Range(
                        Json.text(entry, "topic"),
                        Json.count(entry, "partition"),
                        position(entry, "from"),
                        position(entry, "to")));
            } catch (IllegalArgumentException e) {
                throw new MalformedException("range must be sound: range=" + entry, e);
            }
        }
        return ranges;
    }

    private static List<Poisoned> poisoned(ObjectNode json) {
        List<Poisoned> rows = new ArrayList<>();
        for (JsonNode entry : Json.array(json, "poisoned")) {
            try {
                rows.add(new Poisoned(
                        Json.text(entry, "topic"),
                        Json.count(entry, "partition"),
                        Json.integer(entry, "offset"),
                        Json.count(entry, "row"),
                        Json.count(entry, "at")));
            } catch (IllegalArgumentException e) {
                throw new MalformedException("poisoned row must be sound: row=" + entry, e);
            }
        }
        return rows;
    }

    private static Again again(ObjectNode json) {
        ObjectNode again = Json.object(json, "again");
        try {
            return new Again(Json.integer(again, "step"), Json.number(again, "weight"));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("field must be sound: again=" + again, e);
        }
    }

    private static PublishedVersion published(ObjectNode json) {
        ObjectNode taken = Json.object(json, "published");
        return new PublishedVersion(Json.integer(taken, "version"), Json.text(taken, "sha256"));
    }

    private static ObjectNode json(Position position) {
        return Json.object().put("offset", position.offset()).put("row", position.row());
    }

    private static Position position(JsonNode in, String field) {
        ObjectNode json = Json.object(in, field);
        return new Position(Json.integer(json, "offset"), Json.count(json, "row"));
    }
}
