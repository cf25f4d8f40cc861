package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/** The loops behind every binary vector function; see {@link Specialized}. */
final class BinaryTemplate implements BinaryLoop {
    private static final Function FUNCTION = Specialized.function(MethodHandles.lookup(), Function.class);
    private static final ValueLayout.OfFloat FLOAT = JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    @Override
    public void run(
            MemorySegment a,
            int startA,
            int stepA,
            MemorySegment b,
            int startB,
            int stepB,
            MemorySegment out,
            int start,
            int count,
            Tail tail) {
        long fromA = (long) startA * Float.BYTES;
        long fromB = (long) startB * Float.BYTES;
        long to = (long) start * Float.BYTES;
        int bound = FLOATS.loopBound(count);
        vectors(a, fromA, stepA, b, fromB, stepB, out, to, bound);
        if (bound < count) {
            int rest = count - bound;
            long at = (long) bound * Float.BYTES;
            MemorySegment restA = tail.load(0, a, fromA + at * stepA, stepA == 0 ? 1 : rest);
            MemorySegment restB = tail.load(1, b, fromB + at * stepB, stepB == 0 ? 1 : rest);
            vectors(restA, 0, stepA, restB, 0, stepB, tail.slot(2), 0, FLOATS.length());
            tail.store(2, out, to + at, rest);
        }
    }

    private static void vectors(
            MemorySegment a,
            long fromA,
            int stepA,
            MemorySegment b,
            long fromB,
            int stepB,
            MemorySegment out,
            long to,
            int bound) {
        if (stepA == 0) {
            withLeft(a.get(FLOAT, fromA), b, fromB, stepB, out, to, bound);
        } else if (stepB == 0) {
            withRight(a, fromA, b.get(FLOAT, fromB), out, to, bound);
        } else {
            both(a, fromA, b, fromB, out, to, bound);
        }
    }

    private static void both(
            MemorySegment a, long fromA, MemorySegment b, long fromB, MemorySegment out, long to, int bound) {
        for (int i = 0; i < bound; i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FUNCTION.apply(
                            FloatVector.fromMemorySegment(FLOATS, a, fromA + at, LITTLE_ENDIAN),
                            FloatVector.fromMemorySegment(FLOATS, b, fromB + at, LITTLE_ENDIAN))
                    .intoMemorySegment(out, to + at, LITTLE_ENDIAN);
        }
    }

    private static void withRight(MemorySegment a, long fromA, float b, MemorySegment out, long to, int bound) {
        FloatVector right = FloatVector.broadcast(FLOATS, b);
        for (int i = 0; i < bound; i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FUNCTION.apply(FloatVector.fromMemorySegment(FLOATS, a, fromA + at, LITTLE_ENDIAN), right)
                    .intoMemorySegment(out, to + at, LITTLE_ENDIAN);
        }
    }

    private static void withLeft(
            float a, MemorySegment b, long fromB, int stepB, MemorySegment out, long to, int bound) {
        FloatVector left = FloatVector.broadcast(FLOATS, a);
        if (stepB == 0) {
            FloatVector right = FloatVector.broadcast(FLOATS, b.get(FLOAT, fromB));
            for (int i = 0; i < bound; i += FLOATS.length()) {
                FUNCTION.apply(left, right).intoMemorySegment(out, to + (long) i * Float.BYTES, LITTLE_ENDIAN);
            }
            return;
        }
        for (int i = 0; i < bound; i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FUNCTION.apply(left, FloatVector.fromMemorySegment(FLOATS, b, fromB + at, LITTLE_ENDIAN))
                    .intoMemorySegment(out, to + at, LITTLE_ENDIAN);
        }
    }
}
