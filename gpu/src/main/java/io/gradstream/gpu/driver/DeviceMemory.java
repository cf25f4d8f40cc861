package io.gradstream.gpu.driver;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** A stretch of a card's memory. */
public final class DeviceMemory implements AutoCloseable {
    private final Address address = new Address();
    private final Card card;
    private final long bytes;
    private boolean open = true;

    private DeviceMemory(Card card, long bytes) {
        this.card = card;
        this.bytes = bytes;
        int status = JCudaDriver.cuMemAlloc(address, bytes);
        if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            throw Status.tooLittleMemory(
                    "card=cuda:" + card.index() + " " + card.name() + " asked=" + bytes + " bytes");
        }
        Status.check("cuMemAlloc", status);
        card.take(bytes);
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
            card.take(-bytes);
            Status.check("cuMemFree", JCudaDriver.cuMemFree(address));
        }
    }
}
