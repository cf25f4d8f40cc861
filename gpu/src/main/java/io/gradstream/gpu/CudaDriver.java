package io.gradstream.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** The functions of the CUDA driver library that say what a machine has. */
record CudaDriver(
        SymbolLookup symbols,
        String library,
        MethodHandle cuInit,
        MethodHandle cuDriverGetVersion,
        MethodHandle cuDeviceGetCount,
        MethodHandle cuDeviceGet,
        MethodHandle cuDeviceGetName,
        MethodHandle cuDeviceTotalMem,
        MethodHandle cuDeviceGetAttribute,
        MethodHandle cuGetErrorName) {

    /** What the device calls besides; JCuda ends the process when it calls one that is not there. */
    static final List<String> DEVICE_FUNCTIONS = List.of(
            "cuCtxSetCurrent",
            "cuDevicePrimaryCtxRelease_v2",
            "cuDevicePrimaryCtxRetain",
            "cuEventCreate",
            "cuEventDestroy_v2",
            "cuEventElapsedTime",
            "cuEventQuery",
            "cuEventRecord",
            "cuEventSynchronize",
            "cuGraphDestroy",
            "cuGraphExecDestroy",
            "cuGraphInstantiateWithFlags",
            "cuGraphLaunch",
            "cuLaunchKernel",
            "cuMemAlloc_v2",
            "cuMemFreeHost",
            "cuMemFree_v2",
            "cuMemGetInfo_v2",
            "cuMemHostAlloc",
            "cuMemcpyDtoDAsync_v2",
            "cuMemcpyDtoHAsync_v2",
            "cuMemcpyHtoDAsync_v2",
            "cuMemsetD8Async",
            "cuModuleGetFunction",
            "cuModuleLoadData",
            "cuModuleUnload",
            "cuStreamBeginCapture_v2",
            "cuStreamCreate",
            "cuStreamDestroy_v2",
            "cuStreamEndCapture",
            "cuStreamSynchronize",
            "cuStreamWaitEvent");

    private static final int COMPUTE_CAPABILITY_MAJOR = 75;
    private static final int COMPUTE_CAPABILITY_MINOR = 76;
    private static final int NAME_BYTES = 256;

    /** Loads the library for the rest of the process: a driver must not be unloaded. */
    static CudaDriver load(String library) throws CudaDriverException {
        SymbolLookup symbols;
        try {
            symbols = SymbolLookup.libraryLookup(library, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new CudaDriverException("no NVIDIA driver on this machine: library=" + library);
        }
        return new CudaDriver(
                symbols,
                library,
                function(symbols, library, "cuInit", JAVA_INT),
                function(symbols, library, "cuDriverGetVersion", ADDRESS),
                function(symbols, library, "cuDeviceGetCount", ADDRESS),
                function(symbols, library, "cuDeviceGet", ADDRESS, JAVA_INT),
                function(symbols, library, "cuDeviceGetName", ADDRESS, JAVA_INT, JAVA_INT),
                function(symbols, library, "cuDeviceTotalMem_v2", ADDRESS, JAVA_INT),
                function(symbols, library, "cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT),
                function(symbols, library, "cuGetErrorName", JAVA_INT, ADDRESS));
    }

    private static MethodHandle function(SymbolLookup symbols, String library, String name, ValueLayout... parameters)
            throws CudaDriverException {
        MemorySegment address = symbols.find(name).orElseThrow(() -> lacks(library, name));
        return Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(JAVA_INT, parameters));
    }

    /** Checks that the device can be used with this driver. */
    void requireFunctions() throws CudaDriverException {
        for (String function : DEVICE_FUNCTIONS) {
            if (symbols.find(function).isEmpty()) {
                throw lacks(library, function);
            }
        }
    }

    private static CudaDriverException lacks(String library, String function) {
        return new CudaDriverException(
                "the NVIDIA driver lacks a function: library=" + library + " function=" + function);
    }

    void initialize() throws CudaDriverException {
        check("cuInit", call(cuInit, 0));
    }

    CudaVersion version() throws CudaDriverException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment version = arena.allocate(JAVA_INT);
            check("cuDriverGetVersion", call(cuDriverGetVersion, version));
            return new CudaVersion(version.get(JAVA_INT, 0));
        }
    }

    int cardCount() throws CudaDriverException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            check("cuDeviceGetCount", call(cuDeviceGetCount, count));
            return count.get(JAVA_INT, 0);
        }
    }

    CudaCard card(int index) throws CudaDriverException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_INT);
            check("cuDeviceGet", call(cuDeviceGet, number, index));
            int device = number.get(JAVA_INT, 0);
            MemorySegment name = arena.allocate(NAME_BYTES);
            check("cuDeviceGetName", call(cuDeviceGetName, name, NAME_BYTES, device));
            MemorySegment memory = arena.allocate(JAVA_LONG);
            check("cuDeviceTotalMem", call(cuDeviceTotalMem, memory, device));
            return new CudaCard(
                    index,
                    name.getString(0),
                    memory.get(JAVA_LONG, 0),
                    attribute(arena, COMPUTE_CAPABILITY_MAJOR, device),
                    attribute(arena, COMPUTE_CAPABILITY_MINOR, device));
        }
    }

    private int attribute(Arena arena, int attribute, int device) throws CudaDriverException {
        MemorySegment value = arena.allocate(JAVA_INT);
        check("cuDeviceGetAttribute", call(cuDeviceGetAttribute, value, attribute, device));
        return value.get(JAVA_INT, 0);
    }

    private void check(String function, int status) throws CudaDriverException {
        if (status != 0) {
            throw new CudaDriverException(
                    "the CUDA driver refuses to work: function=" + function + " error=" + errorName(status));
        }
    }

    private String errorName(int status) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(ADDRESS);
            if (call(cuGetErrorName, status, name) != 0) {
                return Integer.toString(status);
            }
            return name.get(ADDRESS, 0).reinterpret(NAME_BYTES).getString(0);
        }
    }

    private static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("a call into the CUDA driver does not match its signature", e);
        }
    }
}
