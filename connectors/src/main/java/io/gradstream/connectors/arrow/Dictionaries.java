package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.Column;
import io.gradstream.connectors.rows.FloatColumn;
import io.gradstream.connectors.rows.IntegerColumn;
import io.gradstream.connectors.rows.TextColumn;
import io.gradstream.connectors.rows.UndecodableException;
import java.util.HashMap;
import java.util.Map;

/** The dictionaries of one message, as they stand at this place of it. */
final class Dictionaries {
    /** Stands for a dictionary that has not come: good for columns in which everything is missing. */
    private static final Column NOTHING = TextColumn.absent(0);

    private final Budget budget;
    private final boolean replaceable;
    private final Map<Long, Column> byId = new HashMap<>();

    /**
     * No dictionaries yet.
     *
     * @param replaceable whether a dictionary may come again with other values, as it may in a stream but not in a file
     */
    Dictionaries(Budget budget, boolean replaceable) {
        this.budget = budget;
        this.replaceable = replaceable;
    }

    Column get(long id) {
        return byId.getOrDefault(id, NOTHING);
    }

    void put(long id, Column values) throws UndecodableException {
        if (byId.put(id, values) != null && !replaceable) {
            throw Faults.corrupt("a file must have a dictionary once: dictionary=" + id);
        }
    }

    /** Adds values behind those that are there; columns that were read before keep the shorter dictionary. */
    void append(long id, Column values) throws UndecodableException {
        Column old = byId.get(id);
        byId.put(id, old == null ? values : joined(old, values));
    }

    private Column joined(Column head, Column tail) throws UndecodableException {
        if (head instanceof IntegerColumn a && tail instanceof IntegerColumn b) {
            return Joined.integers(a, b, budget);
        } else if (head instanceof FloatColumn a && tail instanceof FloatColumn b) {
            return Joined.floats(a, b, budget);
        } else if (head instanceof TextColumn a && tail instanceof TextColumn b) {
            return Joined.text(a, b, budget);
        }
        throw Faults.corrupt("a delta must have the type of its dictionary");
    }
}
