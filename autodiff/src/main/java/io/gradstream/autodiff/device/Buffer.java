package io.gradstream.autodiff.device;

import io.gradstream.autodiff.TensorType;

/** A value's place: its type, and where in a memory its elements begin (in bytes). */
public record Buffer(Memory memory, long offset, TensorType type) {

    public Buffer {
        if (offset < 0 || offset > memory.bytes()) {
            throw new IllegalArgumentException(
                    "a buffer must begin within its memory: offset=" + offset + " bytes=" + memory.bytes());
        }
    }

    /** The number of elements. */
    public long size() {
        return type.shape().size();
    }

    /** The same place seen as another type of the same number of elements. */
    public Buffer as(TensorType other) {
        return new Buffer(memory, offset, other);
    }
}
