package io.gradstream.connectors.rows;

import java.util.Set;

/**
 * One column that a reader asks for.
 *
 * @param kinds what the column may be; anything else is {@link UndecodableException.Reason#WRONG_TYPE}
 * @param required whether a record that nowhere has this column is refused. Formats with a schema, such as Arrow, must name every
 *     wanted column; formats without one, such as JSON, leave out what they do not know: there an absent column is null in that
 *     row, and only a required column that no row of the record has is {@link UndecodableException.Reason#MISSING_COLUMN}
 */
public record Wanted(String name, Set<Kind> kinds, boolean required) {
    public Wanted {
        kinds = Set.copyOf(kinds);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a wanted column must have a name");
        }
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("a wanted column must allow at least one kind: name=" + name);
        }
    }

    /** A column that rows may leave out. */
    public static Wanted optional(String name, Kind... kinds) {
        return new Wanted(name, Set.of(kinds), false);
    }

    /** A column without which a record is of no use. */
    public static Wanted required(String name, Kind... kinds) {
        return new Wanted(name, Set.of(kinds), true);
    }

    /** Whether a column of this kind will do. */
    public boolean allows(Kind kind) {
        return kinds.contains(kind);
    }
}
