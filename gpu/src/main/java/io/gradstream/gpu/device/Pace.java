package io.gradstream.gpu.device;

import io.gradstream.autodiff.device.Buffer;
import java.util.List;

/** How a kernel counts its elements: one by one, or in fours of neighbours ({@code four.cuh}), where it has a variant for that. */
enum Pace {
    ONE(1, ""),
    FOUR(4, "x4");

    private final int size;
    private final String suffix;

    Pace(int size, String suffix) {
        this.size = size;
        this.suffix = suffix;
    }

    /** In fours if there are as many elements, and all fours of some buffers lie as a thread can take them. */
    static Pace of(long elements, List<Buffer> buffers) {
        boolean fours = elements % FOUR.size == 0 && buffers.stream().allMatch(FOUR::isAligned);
        return fours ? FOUR : ONE;
    }

    private boolean isAligned(Buffer buffer) {
        return CudaMemory.address(buffer) % ((long) size * buffer.type().dtype().bytes()) == 0;
    }

    /** How many elements are one for such a kernel. */
    int size() {
        return size;
    }

    long count(long elements) {
        return elements / size;
    }

    /** The name of a kernel's variant. */
    String kernel(String name) {
        return name + suffix;
    }
}
