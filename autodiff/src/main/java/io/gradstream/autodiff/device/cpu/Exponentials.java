package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.lang.invoke.MethodHandles.lookup;
import static java.lang.invoke.MethodType.methodType;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.invoke.MethodHandle;

/** x becomes e^(scale·x - shift) in whole vectors: one of the {@link Outlined} loops. */
final class Exponentials {
    private final MethodHandle vectors = Outlined.method(
            lookup(), this, "vectors", methodType(void.class, long.class, int.class, float.class, float.class));

    void run(long row, int count, float scale, float shift) {
        try {
            vectors.invokeExact(row, count, scale, shift);
        } catch (Throwable e) {
            throw Outlined.unexpected(e);
        }
    }

    void vectors(long row, int count, float scale, float shift) {
        for (int i = 0; i < count; i += FLOATS.length()) {
            long at = row + (long) i * Float.BYTES;
            VectorMath.exp(fromMemorySegment(FLOATS, MEMORY, at, LITTLE_ENDIAN)
                            .fma(broadcast(FLOATS, scale), broadcast(FLOATS, -shift)))
                    .intoMemorySegment(MEMORY, at, LITTLE_ENDIAN);
        }
    }
}
