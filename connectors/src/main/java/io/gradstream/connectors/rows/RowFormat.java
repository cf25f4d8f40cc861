package io.gradstream.connectors.rows;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A way to read rows out of a record's value. Implementations are stateless to their callers and safe to share among threads. */
public interface RowFormat {
    /**
     * Reads the wanted columns of one record.
     *
     * <p>The result may refer to the given bytes, so they must not change while it is in use.
     *
     * @param value the bytes between the buffer's position and limit, which stay where they are
     * @throws UndecodableException whatever is wrong with the bytes: this is the only exception their content can cause
     */
    DecodedRecord decode(Origin origin, ByteBuffer value, Projection projection) throws UndecodableException;

    /** {@link #decode(Origin, ByteBuffer, Projection)} for a record whose value may be missing, as that of a tombstone is. */
    default DecodedRecord decode(Origin origin, byte @Nullable [] value, Projection projection)
            throws UndecodableException {
        if (value == null) {
            throw new UndecodableException(UndecodableException.Reason.EMPTY, "record has no value");
        }
        return decode(origin, ByteBuffer.wrap(value), projection);
    }
}
