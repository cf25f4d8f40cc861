package io.gradstream.gpu.emulator;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleUnload;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.setExceptionsEnabled;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.Sizeof;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;

/** One emulated card with the sample kernels loaded, spoken to without anything of ours in between. */
final class SampleCard implements AutoCloseable {
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUmodule module = new CUmodule();
    private final List<CUdeviceptr> memory = new ArrayList<>();
    private final List<CUstream> streams = new ArrayList<>();
    private final List<CUevent> events = new ArrayList<>();

    SampleCard(int index) throws IOException {
        setExceptionsEnabled(true);
        cuInit(0);
        cuDeviceGet(device, index);
        cuDevicePrimaryCtxRetain(context, device);
        enter();
        cuModuleLoadData(module, ptx());
    }

    void enter() {
        cuCtxSetCurrent(context);
    }

    static String ptx() throws IOException {
        try (var text = SampleCard.class.getResourceAsStream("sample.ptx")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    CUfunction kernel(String name) {
        CUfunction function = new CUfunction();
        cuModuleGetFunction(function, module, name);
        return function;
    }

    CUstream stream() {
        CUstream stream = new CUstream();
        cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        streams.add(stream);
        return stream;
    }

    CUevent event() {
        CUevent event = new CUevent();
        cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT);
        events.add(event);
        return event;
    }

    CUdeviceptr allocate(long bytes) {
        CUdeviceptr place = new CUdeviceptr();
        cuMemAlloc(place, bytes);
        memory.add(place);
        return place;
    }

    CUdeviceptr floats(float... values) {
        CUdeviceptr place = allocate((long) values.length * Sizeof.FLOAT);
        cuMemcpyHtoD(place, Pointer.to(values), (long) values.length * Sizeof.FLOAT);
        return place;
    }

    static float[] floats(CUdeviceptr place, int count) {
        float[] values = new float[count];
        cuMemcpyDtoH(Pointer.to(values), place, (long) count * Sizeof.FLOAT);
        return values;
    }

    /** y = factor · x + y */
    void axpy(CUstream stream, float factor, CUdeviceptr x, CUdeviceptr y, int count) {
        launch(stream, "sample_axpy", 1, count, pointer(x), pointer(y), number(factor), number(count));
    }

    void launch(CUstream stream, String name, int blocks, int threads, Pointer... arguments) {
        cuLaunchKernel(kernel(name), blocks, 1, 1, threads, 1, 1, 0, stream, Pointer.to(arguments), null);
    }

    static Pointer pointer(CUdeviceptr place) {
        return Pointer.to(place);
    }

    static Pointer number(int value) {
        return Pointer.to(new int[] {value});
    }

    static Pointer number(float value) {
        return Pointer.to(new float[] {value});
    }

    @Override
    public void close() {
        events.forEach(event -> cuEventDestroy(event));
        streams.forEach(stream -> cuStreamDestroy(stream));
        memory.forEach(place -> cuMemFree(place));
        cuModuleUnload(module);
        cuDevicePrimaryCtxRelease(device);
        setExceptionsEnabled(false);
    }
}
