package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.op.Philox;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** An array that a model keeps from step to step: its name in topics and checkpoints, its shape, its first values, and who changes it. */
public record ParameterSpec(String name, Shape shape, Initializer initializer, Kind kind) {
    /** Who changes a parameter. Every kind is published, snapshotted and restored. */
    public enum Kind {
        /** The optimizer: it has a gradient and moments. */
        TRAINED,
        /** Nobody: it has neither a gradient nor moments. */
        FROZEN,
        /** The forward pass itself, which writes it in place: running statistics, for instance. */
        STATE
    }

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A trained parameter. */
    public ParameterSpec(String name, Shape shape, Initializer initializer) {
        this(name, shape, initializer, Kind.TRAINED);
    }

    /** Writes the first values as F32 in the host layout: a function of seed, name and shape alone. */
    public void initialize(long seed, MemorySegment to) {
        Philox random = Philox.named(seed, name);
        initializer.write(random, shape, (index, value) -> to.set(FLOAT, index * Float.BYTES, value));
    }
}
