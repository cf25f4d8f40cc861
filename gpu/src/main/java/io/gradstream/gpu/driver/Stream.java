package io.gradstream.gpu.driver;

import jcuda.driver.CUgraph;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** Work for a card, done in the order in which it was asked for. */
public final class Stream implements AutoCloseable {
    private final CUstream stream = new CUstream();

    private Stream() {
        Status.check("cuStreamCreate", JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
    }

    public static Stream create() {
        return new Stream();
    }

    CUstream handle() {
        return stream;
    }

    /** Waits until everything asked for is done. */
    public void await() {
        Status.check("cuStreamSynchronize", JCudaDriver.cuStreamSynchronize(stream));
    }

    /** Puts a place into the work. */
    public void record(Event event) {
        Status.check("cuEventRecord", JCudaDriver.cuEventRecord(event.handle(), stream));
    }

    /** What is asked for from here on begins when another stream has passed an event. */
    public void after(Event event) {
        Status.check("cuStreamWaitEvent", JCudaDriver.cuStreamWaitEvent(stream, event.handle(), 0));
    }

    /** Copies from pinned memory to the card. */
    public void copyIn(long to, long from, long bytes) {
        Status.check(
                "cuMemcpyHtoDAsync", JCudaDriver.cuMemcpyHtoDAsync(Address.of(to), Address.raw(from), bytes, stream));
    }

    /** Copies from the card to pinned memory. */
    public void copyOut(long to, long from, long bytes) {
        Status.check(
                "cuMemcpyDtoHAsync", JCudaDriver.cuMemcpyDtoHAsync(Address.raw(to), Address.of(from), bytes, stream));
    }

    /** Copies within the card. */
    public void copy(long to, long from, long bytes) {
        Status.check(
                "cuMemcpyDtoDAsync", JCudaDriver.cuMemcpyDtoDAsync(Address.of(to), Address.of(from), bytes, stream));
    }

    /** Makes bytes zero. */
    public void clear(long at, long bytes) {
        Status.check("cuMemsetD8Async", JCudaDriver.cuMemsetD8Async(Address.of(at), (byte) 0, bytes, stream));
    }

    /** Records what some work asks for instead of doing it. */
    public Graph capture(Runnable work) {
        Status.check(
                "cuStreamBeginCapture",
                JCudaDriver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        CUgraph captured = new CUgraph();
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            if (JCudaDriver.cuStreamEndCapture(stream, captured) == 0) {
                JCudaDriver.cuGraphDestroy(captured);
            }
            throw e;
        }
        Status.check("cuStreamEndCapture", JCudaDriver.cuStreamEndCapture(stream, captured));
        return new Graph(captured);
    }

    @Override
    public void close() {
        Status.check("cuStreamDestroy", JCudaDriver.cuStreamDestroy(stream));
    }
}
