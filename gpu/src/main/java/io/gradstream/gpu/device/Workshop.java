package io.gradstream.gpu.device;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.gpu.driver.Arguments;
import io.gradstream.gpu.driver.Blas;
import io.gradstream.gpu.driver.DeviceMemory;
import io.gradstream.gpu.driver.Grid;
import io.gradstream.gpu.driver.Launch;
import io.gradstream.gpu.driver.Product;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the translation of one program works with: the work so far, the kernels, and memory that belongs to the program. The work of one
 * call is done in its order, so that what one kernel leaves in scratch memory is there for those that follow in the same call, and no longer.
 */
final class Workshop implements AutoCloseable {
    private final CudaDevice device;
    private final Dependencies dependencies;
    private final Arena arena = Arena.ofShared();
    private final List<DeviceMemory> memories = new ArrayList<>();
    private final List<Work> work = new ArrayList<>();
    private final List<Scratch> scratches = new ArrayList<>();
    private boolean multiplies;
    private int call;

    Workshop(CudaDevice device, Dependencies dependencies) {
        this.device = device;
        this.dependencies = dependencies;
    }

    /** Memory of the host that lives as long as the program. */
    Arena arena() {
        return arena;
    }

    Arguments arguments() {
        return new Arguments(arena);
    }

    /** Where kernels report numbers that reach beyond what there is. */
    long faults() {
        return device.faults().address();
    }

    /** Adds a kernel of a module. */
    void launch(String module, String kernel, Grid grid, Arguments arguments) {
        Launch launch = new Launch(device.kernels(), module, kernel, grid, arguments);
        work.add(launch::enqueue);
    }

    /** Adds a product of matrices. */
    void multiply(Product product) {
        Blas blas = device.blas();
        blas.rehearse(product);
        work.add(_ -> blas.multiply(product));
        multiplies = true;
    }

    /** How matrices of an element type are multiplied here. */
    Product.Arithmetic arithmetic(DType dtype) {
        return device.arithmetic(dtype);
    }

    /** Adds a copy of a stretch of memory. */
    void copy(long to, long from, long bytes) {
        work.add(stream -> stream.copy(to, from, bytes));
    }

    /** Adds zeros for a stretch of memory. */
    void clear(long address, long bytes) {
        if (bytes > 0) {
            work.add(stream -> stream.clear(address, bytes));
        }
    }

    void clear(Buffer buffer) {
        clear(CudaMemory.address(buffer), CudaMemory.bytes(buffer));
    }

    /** Memory that is this call's alone: of an earlier call that this one comes after anyway, or new. */
    long scratch(long bytes) {
        for (Scratch scratch : scratches) {
            if (scratch.memory.bytes() >= bytes && dependencies.follows(call, scratch.user)) {
                scratch.user = call;
                return scratch.memory.address();
            }
        }
        Scratch scratch = new Scratch(allocate(bytes), call);
        scratches.add(scratch);
        return scratch.memory.address();
    }

    /** Memory with the last call that works in it. */
    private static final class Scratch {
        private final DeviceMemory memory;
        private int user;

        Scratch(DeviceMemory memory, int user) {
            this.memory = memory;
            this.user = user;
        }
    }

    /** Memory that holds what kernels look up, from now on. */
    long constant(MemorySegment content) {
        DeviceMemory memory = allocate(content.byteSize());
        device.write(memory.address(), content);
        return memory.address();
    }

    long constant(int... content) {
        return constant(arena.allocateFrom(JAVA_INT, content));
    }

    private DeviceMemory allocate(long bytes) {
        DeviceMemory memory = DeviceMemory.allocate(device.card(), bytes);
        memories.add(memory);
        return memory;
    }

    /** The work of a call that is translated, in its order; the next call's begins. */
    CallWork finished() {
        CallWork finished = new CallWork(work, multiplies);
        work.clear();
        multiplies = false;
        call++;
        return finished;
    }

    long workspaceBytes() {
        return memories.stream().mapToLong(DeviceMemory::bytes).sum();
    }

    /** A kernel's name for a name of the engine and an element type: {@code GreaterOrEqual} is {@code greater_or_equal_f32}. */
    static String kernel(String name, DType dtype) {
        return snake(name) + suffix(dtype);
    }

    /** What the names of kernels for an element type end with. */
    static String suffix(DType dtype) {
        return "_" + dtype.name().toLowerCase(Locale.ROOT);
    }

    private static String snake(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        memories.forEach(DeviceMemory::close);
        arena.close();
    }
}
