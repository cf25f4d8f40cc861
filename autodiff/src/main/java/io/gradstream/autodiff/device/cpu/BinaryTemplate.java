package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/**
 * The loops behind every binary vector function; see {@link Specialized}. Whole vectors are done in a first pass and the rest in a second, so
 * that there is one call for the compiler to inline: what it has no room for allocates every vector.
 */
final class BinaryTemplate implements BinaryLoop {
    private static final Function FUNCTION = Specialized.function(MethodHandles.lookup(), Function.class);

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
        int rest = count - bound;
        long at = (long) bound * Float.BYTES;
        if (rest > 0) {
            tail.load(0, a, fromA + at * stepA, stepA == 0 ? 1 : rest);
            tail.load(1, b, fromB + at * stepB, stepB == 0 ? 1 : rest);
        }
        for (int pass = bound > 0 ? 0 : 1; pass < (rest > 0 ? 2 : 1); pass++) {
            boolean whole = pass == 0;
            vectors(
                    whole ? a.address() + fromA : tail.slot(0).address(),
                    stepA,
                    whole ? b.address() + fromB : tail.slot(1).address(),
                    stepB,
                    whole ? out.address() + to : tail.slot(2).address(),
                    whole ? bound : FLOATS.length());
        }
        if (rest > 0) {
            tail.store(2, out, to + at, rest);
        }
    }

    private static void vectors(long a, int stepA, long b, int stepB, long out, int bound) {
        if (stepA == 0 && stepB == 0) {
            withBoth(MEMORY.get(FLOAT, a), MEMORY.get(FLOAT, b), out, bound);
        } else if (stepA == 0) {
            withLeft(MEMORY.get(FLOAT, a), b, out, bound);
        } else if (stepB == 0) {
            withRight(a, MEMORY.get(FLOAT, b), out, bound);
        } else {
            both(a, b, out, bound);
        }
    }

    private static void both(long a, long b, long out, int bound) {
        for (int i = 0; i < bound; i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FUNCTION.apply(
                            FloatVector.fromMemorySegment(FLOATS, MEMORY, a + at, LITTLE_ENDIAN),
                            FloatVector.fromMemorySegment(FLOATS, MEMORY, b + at, LITTLE_ENDIAN))
                    .intoMemorySegment(MEMORY, out + at, LITTLE_ENDIAN);
        }
    }

    /** The scalar is spread anew for every vector: a vector kept across the loop may end up as an object on the heap. */
    private static void withRight(long a, float b, long out, int bound) {
        for (int i = 0; i < bound; i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FUNCTION.apply(
                            FloatVector.fromMemorySegment(FLOATS, MEMORY, a + at, LITTLE_ENDIAN),
                            FloatVector.broadcast(FLOATS, b))
                    .intoMemorySegment(MEMORY, out + at, LITTLE_ENDIAN);
        }
    }

    private static void withLeft(float a, long b, long out, int bound) {
        for (int i = 0; i < bound; i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FUNCTION.apply(
                            FloatVector.broadcast(FLOATS, a),
                            FloatVector.fromMemorySegment(FLOATS, MEMORY, b + at, LITTLE_ENDIAN))
                    .intoMemorySegment(MEMORY, out + at, LITTLE_ENDIAN);
        }
    }

    private static void withBoth(float a, float b, long out, int bound) {
        for (int i = 0; i < bound; i += FLOATS.length()) {
            FUNCTION.apply(FloatVector.broadcast(FLOATS, a), FloatVector.broadcast(FLOATS, b))
                    .intoMemorySegment(MEMORY, out + (long) i * Float.BYTES, LITTLE_ENDIAN);
        }
    }
}
