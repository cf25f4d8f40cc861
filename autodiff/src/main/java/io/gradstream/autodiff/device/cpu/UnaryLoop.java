package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.lang.invoke.MethodType.methodType;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import jdk.incubator.vector.FloatVector;

/** A pass over one array of floats that writes another, which may be the same. */
final class UnaryLoop {
    private final MethodHandle vectors;

    /** What the pass computes in every lane. */
    interface Function {
        FloatVector apply(FloatVector x);
    }

    private UnaryLoop(MethodHandle vectors) {
        this.vectors = vectors;
    }

    static UnaryLoop of(Function function) {
        return new UnaryLoop(Specialized.vectors(
                UnaryTemplate.class, methodType(void.class, long.class, long.class, int.class), function));
    }

    void run(MemorySegment in, MemorySegment out, int count, Tail tail) {
        int bound = FLOATS.loopBound(count);
        if (bound > 0) {
            vectors(in.address(), out.address(), bound);
        }
        if (bound < count) {
            long at = (long) bound * Float.BYTES;
            tail.load(0, in, at, count - bound);
            vectors(tail.slot(0).address(), tail.slot(1).address(), FLOATS.length());
            tail.store(1, out, at, count - bound);
        }
    }

    private void vectors(long in, long out, int count) {
        try {
            vectors.invokeExact(in, out, count);
        } catch (Throwable e) {
            throw Outlined.unexpected(e);
        }
    }
}
