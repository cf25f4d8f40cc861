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

/** Attention and its gradient: {@code attention.cu}. Probabilities lie in scratch memory, in the gradient beside the slopes of scores. */
final class AttentionWork {
    private static final String MODULE = "attention";
    private static final long ROWS = 4L * Long.BYTES;
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
        long probabilities = shop.scratch(bytes());
        probabilities(probabilities);
        launch(
                "output",
                Grid.elements(queryElements()),
                shop.arguments()
                        .address(operand(layout.v()))
                        .address(probabilities)
                        .address(CudaMemory.address(call.output()))
                        .number(queryElements()));
    }

    private void backward() {
        long probabilities = shop.scratch(2 * bytes());
        long slopes = probabilities + bytes();
        probabilities(probabilities);
        shop.launch(
                MODULE,
                kernel("slopes"),
                Grid.blocksOf(queries()),
                shop.arguments()
                        .address(operand(layout.v()))
                        .address(operand(layout.output()))
                        .address(probabilities)
                        .address(slopes)
                        .number(layout.entries())
                        .struct(struct));
        launch(
                "to_queries",
                Grid.elements(queryElements()),
                shop.arguments()
                        .address(operand(layout.k()))
                        .address(slopes)
                        .address(CudaMemory.address(call.output()))
                        .number(queryElements()));
        launch(
                "to_keys_and_values",
                Grid.elements(keyElements()),
                shop.arguments()
                        .address(operand(layout.q()))
                        .address(operand(layout.output()))
                        .address(probabilities)
                        .address(slopes)
                        .address(CudaMemory.address(call.output()))
                        .number(keyElements()));
    }

    private void probabilities(long to) {
        shop.launch(
                MODULE,
                kernel("probabilities"),
                Grid.blocksOf(queries()),
                shop.arguments()
                        .address(operand(layout.q()))
                        .address(operand(layout.k()))
                        .address(lengths)
                        .address(to)
                        .number(layout.entries())
                        .struct(struct)
                        .address(shop.faults()));
    }

    private void launch(String name, Grid grid, Arguments arguments) {
        shop.launch(MODULE, kernel(name), grid, arguments.struct(struct));
    }

    private String kernel(String name) {
        return Workshop.kernel("attention_" + name, call.input(0).type().dtype());
    }

    private long operand(Rows rows) {
        return CudaMemory.address(call.input(rows.operand()));
    }

    private long queries() {
        return (long) layout.entries() * layout.queries();
    }

    private long queryElements() {
        return queries() * layout.width();
    }

    private long keyElements() {
        return (long) layout.entries() * layout.keys() * layout.width();
    }

    private long bytes() {
        return queries() * layout.keys() * Float.BYTES;
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
