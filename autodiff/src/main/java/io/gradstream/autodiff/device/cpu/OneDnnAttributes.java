package io.gradstream.autodiff.device.cpu;

import java.lang.foreign.MemorySegment;

/**
 * What a oneDNN primitive does besides its operation: adding to what is there, and working in memory that it is given. The library's own
 * working memory belongs to the thread that created the primitive, but programs are compiled on one thread and run on another.
 *
 * <p>Its activations are not used: its relu makes 0 of NaN, and its other functions are not ours to the bit.
 */
record OneDnnAttributes(MemorySegment handle) implements AutoCloseable {
    private static final int USER_SCRATCHPAD = 1;
    private static final int SAME_DTYPE = 0;

    static OneDnnAttributes of(boolean adds) {
        OneDnnAttributes attributes = new OneDnnAttributes(OneDnn.make("dnnl_primitive_attr_create", out ->
                (int) OneDnn.functions().attributeCreate().invokeExact(out)));
        attributes.run("dnnl_primitive_attr_set_scratchpad_mode", handle ->
                (int) OneDnn.functions().attributeSetScratchpadMode().invokeExact(handle, USER_SCRATCHPAD));
        if (adds) {
            attributes.appendSum();
        }
        return attributes;
    }

    @Override
    public void close() {
        run("dnnl_primitive_attr_destroy", attributes ->
                (int) OneDnn.functions().attributeDestroy().invokeExact(attributes));
    }

    private interface Setting {
        int call(MemorySegment attributes) throws Throwable;
    }

    private void run(String function, Setting setting) {
        OneDnn.run(function, () -> setting.call(handle));
    }

    private void appendSum() {
        MemorySegment operations = OneDnn.make("dnnl_post_ops_create", out ->
                (int) OneDnn.functions().postOpsCreate().invokeExact(out));
        try {
            OneDnn.run("dnnl_post_ops_append_sum", () ->
                    (int) OneDnn.functions().postOpsAppendSum().invokeExact(operations, 1f, 0, SAME_DTYPE));
            run("dnnl_primitive_attr_set_post_ops", attributes ->
                    (int) OneDnn.functions().attributeSetPostOps().invokeExact(attributes, operations));
        } finally {
            OneDnn.run("dnnl_post_ops_destroy", () ->
                    (int) OneDnn.functions().postOpsDestroy().invokeExact(operations));
        }
    }
}
