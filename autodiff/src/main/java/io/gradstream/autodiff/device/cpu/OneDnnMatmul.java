package io.gradstream.autodiff.device.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gradstream.autodiff.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A oneDNN matmul primitive with its arguments in place. */
final class OneDnnMatmul implements PreparedCall {
    private static final int SOURCE = 1;
    private static final int DESTINATION = 17;
    private static final int WEIGHTS = 33;
    private static final int BIAS = 41;
    private static final long ARGUMENT_BYTES = 16;
    private static final int MOST_ARGUMENTS = 5;

    private static final int SCRATCHPAD = 80;
    private static final int SCRATCHPAD_QUERY = 136;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment primitive;
    private final List<MemorySegment> memories = new ArrayList<>();
    private final MemorySegment arguments;
    private final MemorySegment stream = OneDnn.stream();

    /** Throws {@link OneDnnException} with {@link OneDnn#UNIMPLEMENTED} when this machine has no kernel for the dtype. */
    OneDnnMatmul(Product product, Workspace workspace) {
        List<MemorySegment> descriptors = new ArrayList<>();
        arguments = MemorySegment.ofAddress(
                        arena.allocate(MOST_ARGUMENTS * ARGUMENT_BYTES, 8).address())
                .reinterpret(MOST_ARGUMENTS * ARGUMENT_BYTES);
        try (OneDnnAttributes attributes = OneDnnAttributes.of(product.adds())) {
            MemorySegment source = own(descriptors, descriptor(product.left()));
            MemorySegment weights = own(descriptors, descriptor(product.right()));
            MemorySegment destination = own(
                    descriptors,
                    descriptor(Matrix.of(
                            product.out(),
                            product.left().count(),
                            product.rows(),
                            product.columns(),
                            false,
                            DType.F32)));
            MemorySegment bias = product.bias();
            MemorySegment addend = bias == null
                    ? MemorySegment.NULL
                    : own(descriptors, descriptor(Matrix.of(bias, 1, product.columns(), false, DType.F32)));
            MemorySegment made = OneDnn.make("dnnl_matmul_primitive_desc_create", out -> (int) OneDnn.functions()
                    .matmulCreate()
                    .invokeExact(out, OneDnn.engine(), source, weights, addend, destination, attributes.handle()));
            try {
                argument(SOURCE, source, product.left().data());
                argument(WEIGHTS, weights, product.right().data());
                argument(DESTINATION, destination, product.out());
                if (bias != null) {
                    argument(BIAS, addend, bias);
                }
                MemorySegment scratchpad = query(made);
                long bytes = size(scratchpad);
                if (bytes > 0) {
                    argument(SCRATCHPAD, scratchpad, workspace.scratch(bytes));
                }
                primitive = OneDnn.make("dnnl_primitive_create", out ->
                        (int) OneDnn.functions().primitiveCreate().invokeExact(out, made));
            } finally {
                OneDnn.run("dnnl_primitive_desc_destroy", () ->
                        (int) OneDnn.functions().primitiveDescriptorDestroy().invokeExact(made));
            }
        } catch (RuntimeException e) {
            destroyMemories();
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
            status = (int)
                    OneDnn.functions().primitiveExecute().invokeExact(primitive, stream, memories.size(), arguments);
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
        destroyMemories();
    }

    private void destroyMemories() {
        for (MemorySegment memory : memories) {
            OneDnn.run("dnnl_memory_destroy", () ->
                    (int) OneDnn.functions().memoryDestroy().invokeExact(memory));
        }
    }

    private static MemorySegment own(List<MemorySegment> descriptors, MemorySegment descriptor) {
        descriptors.add(descriptor);
        return descriptor;
    }

    private static MemorySegment query(MemorySegment primitiveDescriptor) {
        try {
            return (MemorySegment)
                    OneDnn.functions().primitiveDescriptorQuery().invokeExact(primitiveDescriptor, SCRATCHPAD_QUERY, 0);
        } catch (Throwable e) {
            throw OneDnn.unexpected(e);
        }
    }

    private static long size(MemorySegment descriptor) {
        try {
            return (long) OneDnn.functions().descriptorSize().invokeExact(descriptor);
        } catch (Throwable e) {
            throw OneDnn.unexpected(e);
        }
    }

    private static MemorySegment descriptor(Matrix matrix) {
        try (Arena scratch = Arena.ofConfined()) {
            boolean one = matrix.count() == 1;
            MemorySegment dimensions = one
                    ? scratch.allocateFrom(JAVA_LONG, matrix.rows(), matrix.columns())
                    : scratch.allocateFrom(JAVA_LONG, matrix.count(), matrix.rows(), matrix.columns());
            MemorySegment strides = one
                    ? scratch.allocateFrom(JAVA_LONG, matrix.rowStride(), matrix.columnStride())
                    : scratch.allocateFrom(
                            JAVA_LONG,
                            (long) matrix.rows() * matrix.columns(),
                            matrix.rowStride(),
                            matrix.columnStride());
            int rank = one ? 2 : 3;
            int dtype = switch (matrix.dtype()) {
                case F32 -> 3;
                case BF16 -> 2;
                case F16 -> 1;
                case F64, I32, U8 ->
                    throw new IllegalArgumentException("matrix products are of floats: dtype=" + matrix.dtype());
            };
            return OneDnn.make("dnnl_memory_desc_create_with_strides", out ->
                    (int) OneDnn.functions().descriptorCreate().invokeExact(out, rank, dimensions, dtype, strides));
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
