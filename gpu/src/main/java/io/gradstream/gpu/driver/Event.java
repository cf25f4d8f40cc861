package io.gradstream.gpu.driver;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** A place in the work of a stream, which others may wait for. */
public final class Event implements AutoCloseable {
    private final CUevent event = new CUevent();

    private Event(int flags) {
        Status.check("cuEventCreate", JCudaDriver.cuEventCreate(event, flags));
    }

    public static Event create() {
        return new Event(CUevent_flags.CU_EVENT_DISABLE_TIMING);
    }

    /** One that knows when it was passed. */
    public static Event timed() {
        return new Event(CUevent_flags.CU_EVENT_DEFAULT);
    }

    CUevent handle() {
        return event;
    }

    /** Waits until the place is passed, if it is not. */
    public void await() {
        int status = JCudaDriver.cuEventQuery(event);
        if (status == CUresult.CUDA_SUCCESS) {
            return;
        }
        if (status != CUresult.CUDA_ERROR_NOT_READY) {
            Status.check("cuEventQuery", status);
        }
        Status.check("cuEventSynchronize", JCudaDriver.cuEventSynchronize(event));
    }

    /** How many nanoseconds lie between an earlier event and this one; both must be timed and passed. */
    public long nanosSince(Event earlier) {
        float[] millis = new float[1];
        Status.check("cuEventElapsedTime", JCudaDriver.cuEventElapsedTime(millis, earlier.event, event));
        return Math.round(millis[0] * 1e6);
    }

    @Override
    public void close() {
        Status.check("cuEventDestroy", JCudaDriver.cuEventDestroy(event));
    }
}
