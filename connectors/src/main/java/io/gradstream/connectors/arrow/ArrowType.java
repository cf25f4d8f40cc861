package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.FloatColumn;
import io.gradstream.connectors.rows.IntegerColumn;
import java.util.Locale;

/** What we know of Arrow's types: how to read some, and how many buffers to step over for all. */
sealed interface ArrowType {
    /** Integers and booleans. */
    record Integers(IntegerColumn.Width width) implements ArrowType {}

    record Floats(FloatColumn.Width width) implements ArrowType {}

    /** Text and bytes with offsets, of eight bytes each if wide. */
    record Text(boolean wide) implements ArrowType {}

    /** Text and bytes that lie in any of several buffers, short ones within their views. */
    record TextView() implements ArrowType {}

    /** Lists with offsets, of eight bytes each if wide. */
    record Lists(boolean wide) implements ArrowType {}

    record FixedLists(int length) implements ArrowType {}

    /** Nothing but missing values. */
    record Nulls() implements ArrowType {}

    /** A type that nobody can train on as it is: times, decimals, structures, … */
    record Other(String name, int buffers) implements ArrowType {}

    /** The buffers that a column of this type has itself, besides those of its children. */
    default int buffers() {
        return switch (this) {
            case Integers _, Floats _, Lists _, TextView _ -> 2;
            case Text _ -> 3;
            case FixedLists _ -> 1;
            case Nulls _ -> 0;
            case Other other -> other.buffers();
        };
    }

    /** Whether the number of its buffers varies from batch to batch. */
    default boolean isView() {
        return switch (this) {
            case TextView _ -> true;
            case Integers _, Floats _, Lists _, Text _, FixedLists _, Nulls _, Other _ -> false;
        };
    }

    /** The type's name, for messages. */
    default String label() {
        return switch (this) {
            case Integers integers -> integers.width().name().toLowerCase(Locale.ROOT);
            case Floats floats -> floats.width().name().toLowerCase(Locale.ROOT);
            case Text _, TextView _ -> "text";
            case Lists _, FixedLists _ -> "list";
            case Nulls _ -> "null";
            case Other other -> other.name();
        };
    }
}
