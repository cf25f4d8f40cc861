package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.UndecodableException.Reason;

/** The ways in which a message fails a check. */
final class Faults {
    private Faults() {}

    static UndecodableException corrupt(String message) {
        return new UndecodableException(Reason.CORRUPT, message);
    }

    /** Where the bytes made a bounds check of the JDK or of a column fail. */
    static UndecodableException corrupt(String message, RuntimeException cause) {
        return new UndecodableException(Reason.CORRUPT, message + ": fault=" + cause.getMessage(), cause);
    }

    static UndecodableException tooLarge(String message) {
        return new UndecodableException(Reason.TOO_LARGE, message);
    }
}
