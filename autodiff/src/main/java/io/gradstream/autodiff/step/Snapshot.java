package io.gradstream.autodiff.step;

import io.gradstream.autodiff.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** The state of a training step between two steps: parameters, moments and control values, as named blocks of bytes. */
public record Snapshot(List<Block> blocks) {
    public Snapshot {
        blocks = List.copyOf(blocks);
    }

    /** A named array in the host layout of its type, read-only. */
    public record Block(String name, TensorType type, MemorySegment bytes) {
        public Block {
            long expected = type.shape().size() * type.dtype().bytes();
            if (bytes.byteSize() != expected) {
                throw new IllegalArgumentException("block must have the bytes of its type: name=" + name + " type="
                        + type + " bytes=" + bytes.byteSize());
            }
            bytes = bytes.asReadOnly();
        }
    }

    public Optional<Block> find(String name) {
        return blocks.stream().filter(block -> block.name().equals(name)).findFirst();
    }
}
