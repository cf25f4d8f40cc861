package io.gradstream.gpu.driver;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;

/**
 * One card, with its primary context. A context belongs to threads: whoever calls the driver enters it first, which costs next to
 * nothing where the thread is in it already.
 */
public final class Card implements AutoCloseable {
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final int index;
    private final String name;
    private final AtomicLong takenBytes = new AtomicLong();

    private Card(int index) {
        this.index = index;
        Status.check("cuInit", JCudaDriver.cuInit(0));
        Status.check("cuDeviceGet", JCudaDriver.cuDeviceGet(device, index));
        byte[] bytes = new byte[256];
        Status.check("cuDeviceGetName", JCudaDriver.cuDeviceGetName(bytes, bytes.length, device));
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        name = new String(bytes, 0, length, StandardCharsets.UTF_8);
        Status.check("cuDevicePrimaryCtxRetain", JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
        enter();
    }

    /** The card with a number, counted from 0. The libraries must be loaded. */
    public static Card open(int index) {
        return new Card(index);
    }

    /** Makes this card the one that the calling thread talks to. */
    public void enter() {
        Status.check("cuCtxSetCurrent", JCudaDriver.cuCtxSetCurrent(context));
    }

    public int index() {
        return index;
    }

    public String name() {
        return name;
    }

    /** Counts memory that is taken from now on, or given back if negative. */
    void take(long bytes) {
        takenBytes.addAndGet(bytes);
    }

    /** How many bytes of its memory are {@link DeviceMemory} of ours. */
    public long takenBytes() {
        return takenBytes.get();
    }

    /** How many bytes of its memory are free. */
    public long freeBytes() {
        long[] free = new long[1];
        Status.check("cuMemGetInfo", JCudaDriver.cuMemGetInfo(free, new long[1]));
        return free[0];
    }

    @Override
    public void close() {
        Status.check("cuDevicePrimaryCtxRelease", JCudaDriver.cuDevicePrimaryCtxRelease(device));
    }
}
