package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.invoke.MethodHandles;

/** The loops of every {@link BinaryLoop}; see {@link Specialized}. At most one of the operands stays on its first element. */
final class BinaryTemplate {
    private static final BinaryLoop.Function FUNCTION =
            Specialized.function(MethodHandles.lookup(), BinaryLoop.Function.class);

    private BinaryTemplate() {}

    static void vectors(long a, int stepA, long b, int stepB, long out, int count) {
        if (stepA == 0) {
            withLeft(MEMORY.get(FLOAT, a), b, out, count);
        } else if (stepB == 0) {
            withRight(a, MEMORY.get(FLOAT, b), out, count);
        } else {
            both(a, b, out, count);
        }
    }

    private static void both(long a, long b, long out, int count) {
        for (int i = 0; i < count; i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FUNCTION.apply(
                            fromMemorySegment(FLOATS, MEMORY, a + at, LITTLE_ENDIAN),
                            fromMemorySegment(FLOATS, MEMORY, b + at, LITTLE_ENDIAN))
                    .intoMemorySegment(MEMORY, out + at, LITTLE_ENDIAN);
        }
    }

    /** The scalar is spread anew for every vector: a vector kept across the loop may end up as an object on the heap. */
    private static void withRight(long a, float b, long out, int count) {
        for (int i = 0; i < count; i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FUNCTION.apply(fromMemorySegment(FLOATS, MEMORY, a + at, LITTLE_ENDIAN), broadcast(FLOATS, b))
                    .intoMemorySegment(MEMORY, out + at, LITTLE_ENDIAN);
        }
    }

    private static void withLeft(float a, long b, long out, int count) {
        for (int i = 0; i < count; i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FUNCTION.apply(broadcast(FLOATS, a), fromMemorySegment(FLOATS, MEMORY, b + at, LITTLE_ENDIAN))
                    .intoMemorySegment(MEMORY, out + at, LITTLE_ENDIAN);
        }
    }
}
