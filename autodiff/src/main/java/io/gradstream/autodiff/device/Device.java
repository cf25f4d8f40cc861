package io.gradstream.autodiff.device;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.op.Fused;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Memory and the kernels that work on it. Whoever allocates or compiles closes; nothing waits for the collector. */
public interface Device extends AutoCloseable {

    String name();

    /** How many bytes one element takes in this device's memory. */
    int bytesPerElement(DType dtype);

    /** Zeroed memory, aligned to 64 bytes. */
    Memory allocate(long bytes);

    /** How the memory is used that only this device has; none where it works in the host's, or is closed. */
    default Optional<MemoryUse> memory() {
        return Optional.empty();
    }

    /** Whether a fused kernel is better here than the kernels it stands for; what is fused must be computed nevertheless. */
    default boolean fuses(Fused kernel) {
        return false;
    }

    /** Whether beginning to run a program takes so long that one is better than two short ones. */
    default boolean startsSlowly() {
        return false;
    }

    /** Prepares calls that run one after the other, in the order given, as often as wanted. */
    Program compile(List<Call> calls);

    /** Copies all of a buffer's elements in from the host layout of its element type. */
    void write(Buffer to, MemorySegment from);

    /** Copies all of a buffer's elements out to the host layout of its element type. */
    void read(Buffer from, MemorySegment to);

    /**
     * Prepares to copy some buffers out together.
     *
     * @param ahead how many copies may be under way before anybody waits for one
     */
    default Reading reading(List<Buffer> from, int ahead) {
        return new ImmediateReading(this, from);
    }

    @Override
    void close();
}
