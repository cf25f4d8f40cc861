package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.invoke.MethodHandles;

/** The loop of every {@link UnaryLoop}; see {@link Specialized}. */
final class UnaryTemplate {
    private static final UnaryLoop.Function FUNCTION =
            Specialized.function(MethodHandles.lookup(), UnaryLoop.Function.class);

    private UnaryTemplate() {}

    static void vectors(long in, long out, int count) {
        for (int i = 0; i < count; i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FUNCTION.apply(fromMemorySegment(FLOATS, MEMORY, in + at, LITTLE_ENDIAN))
                    .intoMemorySegment(MEMORY, out + at, LITTLE_ENDIAN);
        }
    }
}
