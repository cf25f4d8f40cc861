package io.gradstream.gpu.device;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Memory;
import io.gradstream.gpu.driver.DeviceMemory;

/** A stretch of the card's memory as the engine sees it. */
final class CudaMemory implements Memory {
    private final CudaDevice device;
    private final DeviceMemory memory;

    CudaMemory(CudaDevice device, DeviceMemory memory) {
        this.device = device;
        this.memory = memory;
    }

    @Override
    public long bytes() {
        return memory.bytes();
    }

    boolean isOpen() {
        return memory.isOpen();
    }

    long address() {
        return memory.address();
    }

    /** The memory of a buffer, which must be a card's. */
    static CudaMemory of(Buffer buffer) {
        if (!(buffer.memory() instanceof CudaMemory memory)) {
            throw new IllegalArgumentException("a buffer must lie in this device's memory: buffer=" + buffer);
        }
        return memory;
    }

    /** Where a buffer begins. */
    static long address(Buffer buffer) {
        return of(buffer).address() + buffer.offset();
    }

    /** How many bytes a buffer's elements take. */
    static long bytes(Buffer buffer) {
        return buffer.size() * buffer.type().dtype().bytes();
    }

    @Override
    public void close() {
        device.enter();
        memory.close();
    }
}
