package io.gradstream.connectors.json;

import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.UndecodableException.Reason;

/** What is left of the memory that one record may take. */
final class Allowance {
    private long left;

    Allowance(long bytes) {
        this.left = bytes;
    }

    void take(long bytes) throws UndecodableException {
        if (bytes > left) {
            throw new UndecodableException(
                    Reason.TOO_LARGE, "record must stay within the limit of memory: asked=" + bytes + " left=" + left);
        }
        left -= bytes;
    }
}
