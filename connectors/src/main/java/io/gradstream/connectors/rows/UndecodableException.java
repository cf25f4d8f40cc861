package io.gradstream.connectors.rows;

import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Says why a record could not be read: it is for the dead letters, not a failure of the program. */
public final class UndecodableException extends Exception {
    /** What is wrong, in one word. */
    public enum Reason {
        /** The bytes are not what the format prescribes. */
        CORRUPT,
        /** There is no row in it. */
        EMPTY,
        /** A column that is needed is not there. */
        MISSING_COLUMN,
        /** A column holds something else than it must. */
        WRONG_TYPE,
        /** Reading it would take more than the limits allow. */
        TOO_LARGE;

        /** The word as headers and logs carry it, such as {@code missing-column}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final int NO_ROW = -1;

    private final Reason reason;
    private final int row;

    public UndecodableException(Reason reason, String message) {
        this(reason, message, NO_ROW, null);
    }

    public UndecodableException(Reason reason, String message, Throwable cause) {
        this(reason, message, NO_ROW, cause);
    }

    private UndecodableException(Reason reason, String message, int row, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.row = row;
    }

    /** A fault of one row; it condemns the record, and the row is where to look. */
    public static UndecodableException atRow(int row, Reason reason, String message) {
        return new UndecodableException(reason, message + " row=" + row, row, null);
    }

    public Reason reason() {
        return reason;
    }

    /** The row within the record, where one row is to blame. */
    public OptionalInt row() {
        return row == NO_ROW ? OptionalInt.empty() : OptionalInt.of(row);
    }
}
