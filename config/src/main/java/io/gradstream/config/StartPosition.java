package io.gradstream.config;

import io.gradstream.config.yaml.Written;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Where reading starts while the trainer has no state of its own. */
@Written(
        pattern = "committed|earliest|latest|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z",
        words = "committed, earliest, latest or a time such as 2026-11-21T00:00:00Z")
public sealed interface StartPosition {
    /** Where the consumer group left off; the beginning if it never was there. */
    record Committed() implements StartPosition {
        @Override
        public String toString() {
            return "committed";
        }
    }

    /** The oldest record that is still there. */
    record Earliest() implements StartPosition {
        @Override
        public String toString() {
            return "earliest";
        }
    }

    /** Behind the newest record. */
    record Latest() implements StartPosition {
        @Override
        public String toString() {
            return "latest";
        }
    }

    /** The first record whose timestamp is not before {@code time}. */
    record At(Instant time) implements StartPosition {
        @Override
        public String toString() {
            return time.toString();
        }
    }

    static StartPosition parse(String text) {
        return switch (text) {
            case "committed" -> new Committed();
            case "earliest" -> new Earliest();
            case "latest" -> new Latest();
            default -> new At(time(text));
        };
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "must be committed, earliest, latest or a time such as 2026-11-21T00:00:00Z", e);
        }
    }
}
