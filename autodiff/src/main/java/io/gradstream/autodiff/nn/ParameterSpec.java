package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A trainable array of a model: its name in topics and checkpoints, its shape, and where its first values come from. */
public record ParameterSpec(String name, Shape shape, Initializer initializer) {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Writes the first values as F32 in the host layout: a function of seed, name and index alone. */
    public void initialize(long seed, MemorySegment to) {
        Philox random = Philox.named(seed, name);
        for (long i = 0; i < shape.size(); i++) {
            to.set(FLOAT, i * Float.BYTES, initializer.value(random, i));
        }
    }
}
