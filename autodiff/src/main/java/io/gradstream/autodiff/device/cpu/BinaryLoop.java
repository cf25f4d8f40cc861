package io.gradstream.autodiff.device.cpu;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** A pass over runs of two arrays of floats; a step of 0 stays on the first element. Starts are in elements. */
interface BinaryLoop {
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
            Tail tail);

    /** What the pass computes in every lane. */
    interface Function {
        FloatVector apply(FloatVector a, FloatVector b);
    }
}
