package io.gradstream.gpu.driver;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** A stretch of a card's memory. */
public final class DeviceMemory implements AutoCloseable {
    private final Address address = new Address();
    private final long bytes;
    private boolean open = true;

    private DeviceMemory(Card card, long bytes) {
        this.bytes = bytes;
        int status = JCudaDriver.cuMemAlloc(address, bytes);
        if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            throw new CudaException(
                    "the card has too little memory: card=cuda:" + card.index() + " " + card.name()
                            + " asked=" + bytes + " bytes free=" + card.freeBytes() + " total=" + card.totalBytes()
                            + " (lower training.microBatch, the model's widths or the buckets of its features, or end other programs on the card)");
        }
        Status.check("cuMemAlloc", status);
    }

    /** Memory that holds anything. */
    public static DeviceMemory allocate(Card card, long bytes) {
        return new DeviceMemory(card, Math.max(1, bytes));
    }

    public long bytes() {
        return bytes;
    }

    /** Where it begins. */
    public long address() {
        if (!open) {
            throw new IllegalStateException("memory must not be used after it was closed: bytes=" + bytes);
        }
        return address.value();
    }

    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Status.check("cuMemFree", JCudaDriver.cuMemFree(address));
        }
    }
}
