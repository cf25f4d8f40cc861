package io.gradstream.pipeline.trainer;

import io.gradstream.connectors.topic.JournalRecord.Poisoned;
import io.gradstream.pipeline.batching.RejectedRecord;
import io.gradstream.pipeline.batching.RowOrigins.Origin;
import io.gradstream.pipeline.guard.GuardEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** What the world hears of rows that were left out of a step because they made it not finite. */
final class PoisonedRows {
    private static final String REASON = "poison";
    /** Letters of records that are not larger all carry their value; of a larger one's only the first does. */
    private static final int SMALL = 64 << 10;

    private PoisonedRows() {}

    static List<RejectedRecord> letters(List<Origin> origins) {
        List<RejectedRecord> letters = new ArrayList<>();
        Origin before = null;
        for (Origin origin : origins) {
            boolean first = before == null || !sameRecord(before, origin);
            letters.add(new RejectedRecord(
                    origin.partition(),
                    origin.original(),
                    OptionalInt.of(origin.row().row()),
                    REASON,
                    "the row must have a finite loss and gradient: row=" + name(origin.row()),
                    first || origin.original().valueBytes() <= SMALL));
            before = origin;
        }
        return letters;
    }

    private static boolean sameRecord(Origin one, Origin other) {
        return one.partition().equals(other.partition())
                && one.row().offset() == other.row().offset();
    }

    static GuardEvent event(Origin origin) {
        Poisoned row = origin.row();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name(row));
        fields.put("topic", row.topic());
        fields.put("partition", row.partition());
        fields.put("offset", row.offset());
        fields.put("row", row.row());
        return new GuardEvent("poison", fields);
    }

    /** Topic, partition, offset and row. */
    private static String name(Poisoned row) {
        return row.topic() + "-" + row.partition() + "-" + row.offset() + "-" + row.row();
    }
}
