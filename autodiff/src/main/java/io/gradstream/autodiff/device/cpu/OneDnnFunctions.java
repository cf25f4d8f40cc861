package io.gradstream.autodiff.device.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** The functions of oneDNN and of its OpenMP runtime that the CPU device calls. */
record OneDnnFunctions(
        MethodHandle version,
        MethodHandle effectiveIsa,
        MethodHandle setThreads,
        MethodHandle engineCreate,
        MethodHandle streamCreate,
        MethodHandle descriptorCreate,
        MethodHandle descriptorDestroy,
        MethodHandle memoryCreate,
        MethodHandle memoryDestroy,
        MethodHandle attributeCreate,
        MethodHandle attributeDestroy,
        MethodHandle attributeSetScratchpadMode,
        MethodHandle attributeSetPostOps,
        MethodHandle postOpsCreate,
        MethodHandle postOpsDestroy,
        MethodHandle postOpsAppendSum,
        MethodHandle primitiveDescriptorQuery,
        MethodHandle descriptorSize,
        MethodHandle matmulCreate,
        MethodHandle primitiveDescriptorDestroy,
        MethodHandle primitiveCreate,
        MethodHandle primitiveDestroy,
        MethodHandle primitiveExecute) {

    static OneDnnFunctions link(SymbolLookup library, SymbolLookup openMp) {
        Linker linker = Linker.nativeLinker();
        return new OneDnnFunctions(
                linker.downcallHandle(library.findOrThrow("dnnl_version"), FunctionDescriptor.of(ADDRESS)),
                status(linker, library, "dnnl_get_effective_cpu_isa"),
                linker.downcallHandle(
                        openMp.findOrThrow("omp_set_num_threads"),
                        FunctionDescriptor.ofVoid(JAVA_INT),
                        Linker.Option.critical(false)),
                status(linker, library, "dnnl_engine_create", ADDRESS, JAVA_INT, JAVA_LONG),
                status(linker, library, "dnnl_stream_create", ADDRESS, ADDRESS, JAVA_INT),
                status(
                        linker,
                        library,
                        "dnnl_memory_desc_create_with_strides",
                        ADDRESS,
                        JAVA_INT,
                        ADDRESS,
                        JAVA_INT,
                        ADDRESS),
                status(linker, library, "dnnl_memory_desc_destroy", ADDRESS),
                status(linker, library, "dnnl_memory_create", ADDRESS, ADDRESS, ADDRESS, ADDRESS),
                status(linker, library, "dnnl_memory_destroy", ADDRESS),
                status(linker, library, "dnnl_primitive_attr_create", ADDRESS),
                status(linker, library, "dnnl_primitive_attr_destroy", ADDRESS),
                status(linker, library, "dnnl_primitive_attr_set_scratchpad_mode", ADDRESS, JAVA_INT),
                status(linker, library, "dnnl_primitive_attr_set_post_ops", ADDRESS, ADDRESS),
                status(linker, library, "dnnl_post_ops_create", ADDRESS),
                status(linker, library, "dnnl_post_ops_destroy", ADDRESS),
                status(linker, library, "dnnl_post_ops_append_sum", ADDRESS, JAVA_FLOAT, JAVA_INT, JAVA_INT),
                linker.downcallHandle(
                        library.findOrThrow("dnnl_primitive_desc_query_md"),
                        FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT)),
                linker.downcallHandle(
                        library.findOrThrow("dnnl_memory_desc_get_size"), FunctionDescriptor.of(JAVA_LONG, ADDRESS)),
                status(
                        linker,
                        library,
                        "dnnl_matmul_primitive_desc_create",
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS),
                status(linker, library, "dnnl_primitive_desc_destroy", ADDRESS),
                status(linker, library, "dnnl_primitive_create", ADDRESS, ADDRESS),
                status(linker, library, "dnnl_primitive_destroy", ADDRESS),
                status(linker, library, "dnnl_primitive_execute", ADDRESS, ADDRESS, JAVA_INT, ADDRESS));
    }

    private static MethodHandle status(Linker linker, SymbolLookup library, String name, MemoryLayout... arguments) {
        return linker.downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }
}
