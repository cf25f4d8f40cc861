package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.UndecodableException;

/** What is left of the memory and the rows that one record may take. */
final class Budget {
    private long bytes;
    private long rows;

    Budget(long bytes, long rows) {
        this.bytes = bytes;
        this.rows = rows;
    }

    /** A new array, paid for before it is made. */
    byte[] allocate(long size) throws UndecodableException {
        takeBytes(size);
        return new byte[(int) size];
    }

    /** Pays for an array that somebody else makes. */
    void takeBytes(long size) throws UndecodableException {
        if (size < 0) {
            throw Faults.corrupt("sizes must not be negative: size=" + size);
        }
        if (size > bytes || size > Integer.MAX_VALUE - 8) {
            throw Faults.tooLarge("record must stay within the limit of memory: asked=" + size + " left=" + bytes);
        }
        bytes -= size;
    }

    void takeRows(long count) throws UndecodableException {
        if (count < 0) {
            throw Faults.corrupt("row counts must not be negative: rows=" + count);
        }
        if (count > rows) {
            throw Faults.tooLarge("record must stay within the limit of rows: asked=" + count + " left=" + rows);
        }
        rows -= count;
    }
}
