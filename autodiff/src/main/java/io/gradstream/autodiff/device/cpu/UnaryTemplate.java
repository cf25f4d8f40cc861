package io.gradstream.autodiff.device.cpu;

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
        vectors(in, out, bound);
        if (bound < count) {
            long at = (long) bound * Float.BYTES;
            vectors(tail.load(0, in, at, count - bound), tail.slot(1), FLOATS.length());
            tail.store(1, out, at, count - bound);
        }
    }

    private static void vectors(MemorySegment in, MemorySegment out, int bound) {
        for (int i = 0; i < bound; i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FUNCTION.apply(FloatVector.fromMemorySegment(FLOATS, in, at, LITTLE_ENDIAN))
                    .intoMemorySegment(out, at, LITTLE_ENDIAN);
        }
    }
}
