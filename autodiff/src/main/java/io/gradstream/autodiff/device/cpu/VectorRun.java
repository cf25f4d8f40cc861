package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.lang.invoke.MethodHandles.lookup;
import static java.lang.invoke.MethodType.methodType;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;

/**
 * A rule applied to any number of elements in a row: whole vectors where they lie, and the rest in a copy that fills a vector, so that an
 * element's value does not depend on whether it is among the last.
 */
final class VectorRun {
    private static final int LANES = FLOATS.length();

    private static final MethodType UPDATE = methodType(void.class, long[].class, int.class, long.class);

    private final MethodHandle update;
    private final long[] rest;

    /** @param blocks how many blocks the rule works on: parameters, gradients and moments */
    VectorRun(VectorRule rule, int blocks, Workspace workspace) {
        update = Outlined.method(lookup(), rule, "update", UPDATE);
        rest = new long[blocks];
        for (int i = 0; i < blocks; i++) {
            rest[i] = workspace.floats(LANES).address();
        }
    }

    /** Updates elements of which the first lie at given addresses, and writes what was added to the parameters, up to a whole vector. */
    void update(long[] blocks, int count, long change) {
        int whole = FLOATS.loopBound(count);
        if (whole > 0) {
            updateVectors(blocks, whole, change);
        }
        if (whole < count) {
            long at = (long) whole * Float.BYTES;
            long bytes = (long) (count - whole) * Float.BYTES;
            for (int i = 0; i < blocks.length; i++) {
                MemorySegment.copy(MEMORY, blocks[i] + at, MEMORY, rest[i], bytes);
            }
            updateVectors(rest, LANES, change + at);
            for (int i = 0; i < blocks.length; i++) {
                MemorySegment.copy(MEMORY, rest[i], MEMORY, blocks[i] + at, bytes);
            }
        }
    }

    private void updateVectors(long[] places, int count, long change) {
        try {
            update.invokeExact(places, count, change);
        } catch (Throwable e) {
            throw Outlined.unexpected(e);
        }
    }
}
