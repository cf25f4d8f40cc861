package io.gradstream.gpu.device;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.Attending;
import io.gradstream.autodiff.op.Attention;
import io.gradstream.autodiff.op.AttentionGradient;
import io.gradstream.autodiff.op.AttentionLayout;
import io.gradstream.autodiff.op.AttentionLayout.Rows;
import io.gradstream.autodiff.op.SelfAttention;
import io.gradstream.autodiff.op.SelfAttentionGradient;
import io.gradstream.gpu.driver.Arguments;
import io.gradstream.gpu.driver.Grid;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Attention and its gradient: {@code attention.cu}. What backward knows of each query lies in scratch memory. */
final class AttentionWork {
    private static final String MODULE = "attention";
    private static final long ROWS = 4L * Long.BYTES;
    private static final long QUERY = 4L * Float.BYTES;
    private static final long FIRST_ROWS = 6L * Integer.BYTES;

    private final AttentionLayout layout;
    private final Call call;
    private final Workshop shop;
    private final long lengths;
    private final MemorySegment struct;

    private AttentionWork(AttentionLayout layout, Call call, Workshop shop) {
        this.layout = layout;
        this.call = call;
        this.shop = shop;
        Buffer last = call.inputs().getLast();
        lengths = last.type().dtype().isFloating() ? 0 : CudaMemory.address(last);
        struct = struct();
    }

    static void add(Attending op, Call call, Workshop shop) {
        AttentionLayout layout =
                op.layout(call.inputs().stream().map(Buffer::type).toList());
        if (layout.isEmpty() || layout.entries() == 0) {
            shop.clear(call.output());
            return;
        }
        AttentionWork work = new AttentionWork(layout, call, shop);
        switch (op) {
            case Attention _, SelfAttention _ -> work.forward();
            case AttentionGradient _, SelfAttentionGradient _ -> work.backward();
        }
    }

    private void forward() {
        shop.launch(
                MODULE,
                kernel("attention"),
                Grid.blocksOf(rows(layout.queries())),
                operands(layout.q(), layout.k(), layout.v())
                        .address(lengths)
                        .address(CudaMemory.address(call.output()))
                        .number(layout.entries())
                        .struct(struct)
                        .address(shop.faults()));
    }

    private void backward() {
        long queries = shop.scratch(rows(layout.queries()) * QUERY);
        shop.launch(
                MODULE,
                kernel("attention_to_queries"),
                Grid.blocksOf(rows(layout.queries())),
                operands(layout.q(), layout.k(), layout.v(), layout.output())
                        .address(lengths)
                        .address(queries)
                        .address(CudaMemory.address(call.output()))
                        .number(layout.entries())
                        .struct(struct)
                        .address(shop.faults()));
        shop.launch(
                MODULE,
                kernel("attention_to_keys_and_values"),
                Grid.blocksOf(rows(layout.keys())),
                operands(layout.q(), layout.k(), layout.v(), layout.output())
                        .address(queries)
                        .address(CudaMemory.address(call.output()))
                        .number(layout.entries())
                        .struct(struct));
    }

    private Arguments operands(Rows... operands) {
        Arguments arguments = shop.arguments();
        for (Rows rows : operands) {
            arguments.address(CudaMemory.address(call.input(rows.operand())));
        }
        return arguments;
    }

    private String kernel(String name) {
        return Workshop.kernel(name, call.input(0).type().dtype());
    }

    /** How many rows there are in all entries. */
    private long rows(int each) {
        return (long) layout.entries() * each;
    }

    /** The kernels' struct of the layout. */
    private MemorySegment struct() {
        List<Rows> all = List.of(
                layout.q(),
                layout.k(),
                layout.v(),
                layout.output(),
                layout.toQueries(),
                layout.toKeys(),
                layout.toValues());
        MemorySegment bytes = shop.arena().allocate(FIRST_ROWS + all.size() * ROWS, Long.BYTES);
        bytes.setAtIndex(JAVA_INT, 0, layout.heads());
        bytes.setAtIndex(JAVA_INT, 1, layout.queries());
        bytes.setAtIndex(JAVA_INT, 2, layout.keys());
        bytes.setAtIndex(JAVA_INT, 3, layout.width());
        bytes.setAtIndex(JAVA_INT, 4, layout.causal() ? 1 : 0);
        bytes.setAtIndex(JAVA_FLOAT, 5, (float) layout.scale());
        for (int i = 0; i < all.size(); i++) {
            long at = FIRST_ROWS + i * ROWS;
            bytes.set(JAVA_LONG, at, all.get(i).start());
            bytes.set(JAVA_LONG, at + 8, all.get(i).ofBatch());
            bytes.set(JAVA_LONG, at + 16, all.get(i).ofHead());
            bytes.set(JAVA_LONG, at + 24, all.get(i).ofRow());
        }
        return bytes;
    }
}
