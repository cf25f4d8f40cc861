package io.gradstream.connectors.arrow;

import io.gradstream.connectors.rows.Projection;
import java.util.Arrays;

/** A schema message that was read before, with what came of it. */
@SuppressWarnings("ArrayRecordComponent") // compared by what it matches
record KnownSchema(byte[] metadata, Selection selection) {
    /** Whether these bytes, seen through this projection, would give the same selection again. */
    boolean matches(byte[] bytes, int from, int length, Projection projection) {
        return selection.projection() == projection
                && Arrays.equals(metadata, 0, metadata.length, bytes, from, from + length);
    }
}
