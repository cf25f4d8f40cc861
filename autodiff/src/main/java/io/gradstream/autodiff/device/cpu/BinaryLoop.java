package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.lang.invoke.MethodType.methodType;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import jdk.incubator.vector.FloatVector;

/** A pass over runs of two arrays of floats; a step of 0 stays on the first element. Starts are in elements. */
final class BinaryLoop {
    private final MethodHandle vectors;

    /** What the pass computes in every lane. */
    interface Function {
        FloatVector apply(FloatVector a, FloatVector b);
    }

    private BinaryLoop(MethodHandle vectors) {
        this.vectors = vectors;
    }

    static BinaryLoop of(Function function) {
        return new BinaryLoop(Specialized.vectors(
                BinaryTemplate.class,
                methodType(void.class, long.class, int.class, long.class, int.class, long.class, int.class),
                function));
    }

    /** A pass over whole arrays. */
    void run(MemorySegment a, MemorySegment b, MemorySegment out, int count, Tail tail) {
        run(a, 0, 1, b, 0, 1, out, 0, count, tail);
    }

    void run(
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
        if (bound > 0) {
            vectors(a.address() + fromA, stepA, b.address() + fromB, stepB, out.address() + to, bound);
        }
        if (bound < count) {
            long at = (long) bound * Float.BYTES;
            int rest = count - bound;
            tail.load(0, a, fromA + at * stepA, stepA == 0 ? 1 : rest);
            tail.load(1, b, fromB + at * stepB, stepB == 0 ? 1 : rest);
            vectors(
                    tail.slot(0).address(),
                    stepA,
                    tail.slot(1).address(),
                    stepB,
                    tail.slot(2).address(),
                    FLOATS.length());
            tail.store(2, out, to + at, rest);
        }
    }

    private void vectors(long a, int stepA, long b, int stepB, long out, int count) {
        try {
            vectors.invokeExact(a, stepA, b, stepB, out, count);
        } catch (Throwable e) {
            throw Outlined.unexpected(e);
        }
    }
}
