package io.gradstream.autodiff.device.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gradstream.autodiff.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A oneDNN matmul primitive with its arguments in place. */
final class OneDnnMatmul implements PreparedCall {
    private static final int SOURCE = 1;
    private static final int DESTINATION = 17;
    private static final int WEIGHTS = 33;
    private static final int BIAS = 41;
    private static final long ARGUMENT_BYTES = 16;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment primitive;
    private final List<MemorySegment> memories = new ArrayList<>();
    private final MemorySegment arguments;
    private final MemorySegment stream = OneDnn.stream();
    private final int count;

    /** Throws {@link OneDnnException} with {@link OneDnn#UNIMPLEMENTED} when this machine has no kernel for the dtype. */
    OneDnnMatmul(Matrix left, Matrix right, @Nullable MemorySegment bias, MemorySegment out) {
        List<MemorySegment> descriptors = new ArrayList<>();
        count = bias == null ? 3 : 4;
        arguments = MemorySegment.ofAddress(
                        arena.allocate(count * ARGUMENT_BYTES, 8).address())
                .reinterpret(count * ARGUMENT_BYTES);
        try {
            MemorySegment source = descriptor(left);
            descriptors.add(source);
            MemorySegment weights = descriptor(right);
            descriptors.add(weights);
            MemorySegment destination = descriptor(new Matrix(out, left.rows(), right.columns(), false, DType.F32));
            descriptors.add(destination);
            MemorySegment addend = MemorySegment.NULL;
            if (bias != null) {
                addend = descriptor(new Matrix(bias, 1, right.columns(), false, DType.F32));
                descriptors.add(addend);
            }
            primitive = primitive(source, weights, addend, destination);
            argument(SOURCE, source, left.data());
            argument(WEIGHTS, weights, right.data());
            argument(DESTINATION, destination, out);
            if (bias != null) {
                argument(BIAS, addend, bias);
            }
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        } finally {
            for (MemorySegment each : descriptors) {
                OneDnn.run("dnnl_memory_desc_destroy", () ->
                        (int) OneDnn.functions().descriptorDestroy().invokeExact(each));
            }
        }
    }

    @Override
    public void run() {
        int status;
        try {
            status = (int) OneDnn.functions().primitiveExecute().invokeExact(primitive, stream, count, arguments);
        } catch (Throwable e) {
            throw OneDnn.unexpected(e);
        }
        OneDnn.check("dnnl_primitive_execute", status);
    }

    @Override
    public void close() {
        arena.close();
        OneDnn.run("dnnl_primitive_destroy", () ->
                (int) OneDnn.functions().primitiveDestroy().invokeExact(primitive));
        for (MemorySegment memory : memories) {
            OneDnn.run("dnnl_memory_destroy", () ->
                    (int) OneDnn.functions().memoryDestroy().invokeExact(memory));
        }
    }

    private static MemorySegment primitive(
            MemorySegment source, MemorySegment weights, MemorySegment bias, MemorySegment destination) {
        MemorySegment descriptor = OneDnn.make("dnnl_matmul_primitive_desc_create", out -> (int) OneDnn.functions()
                .matmulCreate()
                .invokeExact(out, OneDnn.engine(), source, weights, bias, destination, MemorySegment.NULL));
        try {
            return OneDnn.make("dnnl_primitive_create", out ->
                    (int) OneDnn.functions().primitiveCreate().invokeExact(out, descriptor));
        } finally {
            OneDnn.run("dnnl_primitive_desc_destroy", () ->
                    (int) OneDnn.functions().primitiveDescriptorDestroy().invokeExact(descriptor));
        }
    }

    private static MemorySegment descriptor(Matrix matrix) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment dimensions = scratch.allocateFrom(JAVA_LONG, matrix.rows(), matrix.columns());
            MemorySegment strides = scratch.allocateFrom(JAVA_LONG, matrix.rowStride(), matrix.columnStride());
            int dtype = switch (matrix.dtype()) {
                case F32 -> 3;
                case BF16 -> 2;
                case F16 -> 1;
                case F64, I32, U8 ->
                    throw new IllegalArgumentException("matrix products are of floats: dtype=" + matrix.dtype());
            };
            return OneDnn.make("dnnl_memory_desc_create_with_strides", out ->
                    (int) OneDnn.functions().descriptorCreate().invokeExact(out, 2, dimensions, dtype, strides));
        }
    }

    private void argument(int which, MemorySegment descriptor, MemorySegment data) {
        MemorySegment memory = OneDnn.make("dnnl_memory_create", out ->
                (int) OneDnn.functions().memoryCreate().invokeExact(out, descriptor, OneDnn.engine(), data));
        long at = memories.size() * ARGUMENT_BYTES;
        arguments.set(JAVA_INT, at, which);
        arguments.set(ADDRESS, at + 8, memory);
        memories.add(memory);
    }
}
