package io.gradstream.autodiff.device.cpu;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** A pass over one array of floats that writes another, which may be the same. */
interface UnaryLoop {
    void run(MemorySegment in, MemorySegment out, int count, Tail tail);

    /** What the pass computes in every lane. */
    interface Function {
        FloatVector apply(FloatVector x);
    }
}
