package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/** The loop behind every unary vector function; see {@link Specialized}. */
final class UnaryTemplate implements UnaryLoop {
    private static final Function FUNCTION = Specialized.function(MethodHandles.lookup(), Function.class);

    @Override
    public void run(MemorySegment in, MemorySegment out, int count, Tail tail) {
        int bound = FLOATS.loopBound(count);
        int rest = count - bound;
        long at = (long) bound * Float.BYTES;
        if (rest > 0) {
            tail.load(0, in, at, rest);
        }
        for (int pass = bound > 0 ? 0 : 1; pass < (rest > 0 ? 2 : 1); pass++) {
            boolean whole = pass == 0;
            vectors(
                    whole ? in.address() : tail.slot(0).address(),
                    whole ? out.address() : tail.slot(1).address(),
                    whole ? bound : FLOATS.length());
        }
        if (rest > 0) {
            tail.store(1, out, at, rest);
        }
    }

    private static void vectors(long in, long out, int bound) {
        for (int i = 0; i < bound; i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FUNCTION.apply(FloatVector.fromMemorySegment(FLOATS, MEMORY, in + at, LITTLE_ENDIAN))
                    .intoMemorySegment(MEMORY, out + at, LITTLE_ENDIAN);
        }
    }
}
