package io.gradstream.autodiff.device;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Some buffers whose elements are copied to the host together, again and again, while the device goes on: whoever reads them may be late by
 * as many copies as were agreed.
 */
public interface Reading extends AutoCloseable {
    /**
     * Begins to copy the buffers as they are when everything asked for before is done. Where as many copies are under way as may be, it waits
     * for the oldest.
     *
     * @param to the host memory of each buffer, which must stay until the copy is there
     * @return the number of this copy, counted from 1
     */
    long begin(List<MemorySegment> to);

    /** Waits until a copy is there, and all that were begun before it. */
    void await(long number);

    /** Waits for all copies that were begun. */
    @Override
    void close();
}
