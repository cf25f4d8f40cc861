package io.gradstream.gpu.emulator;

import static io.gradstream.gpu.emulator.SampleCard.floats;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED;
import static jcuda.driver.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuEventElapsedTime;
import static jcuda.driver.JCudaDriver.cuEventQuery;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuGraphDestroy;
import static jcuda.driver.JCudaDriver.cuGraphExecDestroy;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Streams, events and captured graphs do what the driver does, and refuse what it refuses. */
class StreamsTest extends EmulatedTest {

    StreamsTest() throws IOException {}

    @Test
    void workThatWaitsForAnEventComesBehindIt() {
        CUstream other = card.stream();
        CUevent written = card.event();
        CUdeviceptr x = card.floats(0);
        CUdeviceptr y = card.floats(0);
        CUdeviceptr one = card.floats(1);
        card.axpy(stream, 5, one, x, 1);
        cuEventRecord(written, stream);
        cuStreamWaitEvent(other, written, 0);
        card.axpy(other, 2, x, y, 1);

        cuStreamSynchronize(other);

        assertThat(floats(y, 1)).containsExactly(10);
    }

    @Test
    void workThatDoesNotWaitDoesNot() {
        CUstream other = card.stream();
        CUdeviceptr x = card.floats(0);
        CUdeviceptr y = card.floats(0);
        card.axpy(stream, 5, card.floats(1), x, 1);
        card.axpy(other, 2, x, y, 1);

        cuStreamSynchronize(other);

        assertThat(floats(y, 1)).containsExactly(0);
    }

    @Test
    void anEventIsNotReadyUntilSomebodyWaited() {
        CUevent before = card.event();
        CUevent after = card.event();
        CUdeviceptr x = card.floats(1);
        cuEventRecord(before, stream);
        card.axpy(stream, 1, x, x, 1);
        cuEventRecord(after, stream);
        float[] millis = {-1};

        assertFails("CUDA_ERROR_NOT_READY", () -> cuEventElapsedTime(millis, before, after));
        assertFails("CUDA_ERROR_NOT_READY", () -> cuEventQuery(after));
        assertThat(cuEventQuery(after)).isZero();
        cuEventSynchronize(after);
        cuEventElapsedTime(millis, before, after);
        assertThat(millis[0]).isNotNegative();
    }

    @Test
    void pinnedMemoryIsReadWhenTheCopysTurnComes() {
        Pointer pinned = new Pointer();
        cuMemHostAlloc(pinned, 8, 0);
        FloatBuffer host = floatsOf(pinned);
        CUdeviceptr x = card.allocate(4);
        host.put(0, 1);
        cuMemcpyHtoDAsync(x, pinned, 4, stream);
        host.put(0, 2);
        cuMemcpyDtoHAsync(pinned.withByteOffset(4), x, 4, stream);

        assertThat(host.get(1)).isNaN();
        cuStreamSynchronize(stream);
        assertThat(host.get(1)).isEqualTo(2);
        cuMemFreeHost(pinned);
    }

    @Test
    void aGraphOfTwoStreamsIsReplayed() {
        CUstream side = card.stream();
        CUevent fork = card.event();
        CUevent join = card.event();
        CUdeviceptr one = card.floats(1);
        CUdeviceptr x = card.floats(0);
        CUdeviceptr y = card.floats(0);
        CUgraphExec graph = capture(() -> {
            cuEventRecord(fork, stream);
            cuStreamWaitEvent(side, fork, 0);
            card.axpy(side, 1, one, x, 1);
            cuEventRecord(join, side);
            card.axpy(stream, 10, one, y, 1);
            cuStreamWaitEvent(stream, join, 0);
            card.axpy(stream, 100, x, y, 1);
        });
        long launches = emulator.count(Counter.LAUNCHES);
        assertThat(floats(y, 1)).containsExactly(0);

        for (int launch = 0; launch < 4; launch++) {
            cuGraphLaunch(graph, stream);
        }
        cuStreamSynchronize(stream);

        assertThat(floats(x, 1)).containsExactly(4);
        assertThat(floats(y, 1)).containsExactly(40 + 100 * (1 + 2 + 3 + 4));
        assertThat(emulator.count(Counter.LAUNCHES) - launches).isEqualTo(12);
        cuGraphExecDestroy(graph);
    }

    @Test
    void itShowsWhenAGraphLacksAnEdge() {
        CUstream side = card.stream();
        CUevent fork = card.event();
        CUevent join = card.event();
        CUdeviceptr x = card.floats(1);
        CUdeviceptr y = card.floats(0);
        CUgraphExec graph = capture(() -> {
            cuEventRecord(fork, stream);
            cuStreamWaitEvent(side, fork, 0);
            card.axpy(side, 1, x, x, 1);
            cuEventRecord(join, side);
            card.axpy(stream, 1, x, y, 1);
            cuStreamWaitEvent(stream, join, 0);
        });
        boolean early = false;
        boolean late = false;
        for (int launch = 0; launch < 20; launch++) {
            float before = floats(x, 1)[0];
            float sum = floats(y, 1)[0];
            cuGraphLaunch(graph, stream);
            cuStreamSynchronize(stream);
            float added = floats(y, 1)[0] - sum;
            early |= added == before;
            late |= added == 2 * before;
        }

        assertThat(early && late).isTrue();
        cuGraphExecDestroy(graph);
    }

    @Test
    void aCaptureRefusesWhatMakesTheHostWait() {
        CUevent event = card.event();

        assertRefused("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", () -> cuStreamSynchronize(stream));
        assertRefused("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", () -> cuCtxSynchronize());
        assertRefused("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", () -> floats(card.floats(1), 1));
        assertRefused("CUDA_ERROR_CAPTURED_EVENT", () -> {
            cuEventRecord(event, stream);
            cuEventSynchronize(event);
        });
    }

    @Test
    void aCaptureRefusesAllocations() {
        CUdeviceptr x = card.floats(1);

        assertRefused("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", () -> card.allocate(4));
        assertRefused("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", () -> cuMemHostAlloc(new Pointer(), 4, 0));
        assertRefused(
                "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
                () -> cuMemcpyHtoDAsync(x, Pointer.to(new float[1]), 4, stream));
    }

    @Test
    void aRelaxedCaptureAllowsAllocations() {
        cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_RELAXED);
        card.allocate(4);
        CUgraph graph = new CUgraph();
        cuStreamEndCapture(stream, graph);
        cuGraphDestroy(graph);
    }

    @Test
    void allStreamsOfACaptureMustComeBack() {
        CUstream side = card.stream();
        CUevent fork = card.event();
        CUdeviceptr x = card.floats(1);
        cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        cuEventRecord(fork, stream);
        cuStreamWaitEvent(side, fork, 0);
        card.axpy(side, 1, x, x, 1);

        assertFails("CUDA_ERROR_STREAM_CAPTURE_UNJOINED", () -> cuStreamEndCapture(stream, new CUgraph()));
    }

    @Test
    void aCaptureCannotWaitForWhatWasBeforeIt() {
        CUstream other = card.stream();
        CUevent event = card.event();
        cuEventRecord(event, other);

        assertRefused("CUDA_ERROR_STREAM_CAPTURE_ISOLATION", () -> cuStreamWaitEvent(stream, event, 0));
    }

    @Test
    void countsHowOftenTheHostWaits() {
        CUdeviceptr x = card.floats(1);
        long before = emulator.count(Counter.SYNCHRONIZATIONS);
        card.axpy(stream, 1, x, x, 1);
        assertThat(emulator.count(Counter.SYNCHRONIZATIONS)).isEqualTo(before);
        cuStreamSynchronize(stream);
        floats(x, 1);

        assertThat(emulator.count(Counter.SYNCHRONIZATIONS)).isEqualTo(before + 2);
    }

    private CUgraphExec capture(Runnable work) {
        cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        work.run();
        CUgraph graph = new CUgraph();
        cuStreamEndCapture(stream, graph);
        CUgraphExec exec = new CUgraphExec();
        cuGraphInstantiate(exec, graph, 0);
        cuGraphDestroy(graph);
        return exec;
    }

    /** Refused, and the capture is good for nothing any more. */
    private void assertRefused(String code, ThrowingCallable call) {
        cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        assertFails(code, call);
        assertFails("CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", () -> cuStreamEndCapture(stream, new CUgraph()));
    }

    private static FloatBuffer floatsOf(Pointer pinned) {
        ByteBuffer bytes = pinned.getByteBuffer(0, 8);
        return bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
    }
}
