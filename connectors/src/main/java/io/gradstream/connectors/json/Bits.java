package io.gradstream.connectors.json;

import io.gradstream.connectors.rows.UndecodableException;
import io.gradstream.connectors.rows.Validity;

/** Which values are there, in the order in which they come. */
final class Bits {
    private final Bytes words;
    private long word;
    private int size;
    private boolean anyMissing;

    Bits(Allowance allowance) {
        this.words = new Bytes(allowance);
    }

    int size() {
        return size;
    }

    void add(boolean present) throws UndecodableException {
        word |= (present ? 1L : 0L) << size;
        anyMissing |= !present;
        size++;
        if ((size & 63) == 0) {
            words.addLong(word);
            word = 0;
        }
    }

    Validity validity() throws UndecodableException {
        if (!anyMissing) {
            return Validity.ALL;
        }
        words.addLong(word);
        return Validity.of(words.array(), 0, size);
    }
}
