package io.gradstream.gpu.driver;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Memory of the host that stays where it is, so that a card copies from and to it while the host goes on. */
public final class PinnedMemory implements AutoCloseable {
    private final Slot pointer = new Slot();
    private final MemorySegment segment;

    private PinnedMemory(long bytes) {
        int status = JCudaDriver.cuMemHostAlloc(
                pointer, bytes, JCudaDriver.CU_MEMHOSTALLOC_PORTABLE | JCudaDriver.CU_MEMHOSTALLOC_DEVICEMAP);
        if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            throw new CudaException("the host has too little memory that stays in its place: asked=" + bytes
                    + " bytes (give the process or its container more)");
        }
        Status.check("cuMemHostAlloc", status);
        segment = MemorySegment.ofAddress(pointer.value()).reinterpret(bytes);
    }

    /** Memory that holds zeros. */
    public static PinnedMemory allocate(long bytes) {
        PinnedMemory memory = new PinnedMemory(bytes);
        memory.segment.fill((byte) 0);
        return memory;
    }

    /** What it holds. */
    public MemorySegment segment() {
        return segment;
    }

    public long address() {
        return segment.address();
    }

    @Override
    public void close() {
        Status.check("cuMemFreeHost", JCudaDriver.cuMemFreeHost(pointer));
    }

    /** A pointer that the driver fills in. */
    private static final class Slot extends Pointer {
        long value() {
            return getNativePointer();
        }
    }
}
