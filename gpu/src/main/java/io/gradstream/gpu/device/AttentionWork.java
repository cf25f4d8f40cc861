package io.gradstream.gpu.device;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
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

/**
 * Attention and its gradient: {@code attention.cu} and {@code attention_gradient.cu}. A block has a tile of rows of one entry; what backward knows of
 * each query lies in scratch memory.
 */
final class AttentionWork {
    private static final String FORWARD = "attention";
    private static final String BACKWARD = "attention_gradient";
    private static final long ROWS = 4L * Long.BYTES;
    private static final long SCALE = 6L * Integer.BYTES;
    private static final long FIRST_ROWS = SCALE + Double.BYTES;
    private static final int NUMBERS_OF_A_QUERY = 3;
    private static final int FEWEST_COLUMNS = 32;
    private static final int LANES = 16;

    /** What so many numbers take is the side of a tile. */
    private static final int TILE_BYTES = 256;

    private final AttentionLayout layout;
    private final Call call;
    private final Workshop shop;
    private final int numberBytes;
    private final long lengths;
    private final MemorySegment struct;

    private AttentionWork(AttentionLayout layout, Call call, Workshop shop) {
        this.layout = layout;
        this.call = call;
        this.shop = shop;
        numberBytes = call.output().type().dtype().bytes();
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
        int columns = columns(128);
        shop.launch(
                FORWARD,
                kernel("attention_" + columns),
                Grid.blocksOf(parts(layout.queries(), columns), LANES),
                operands(layout.q(), layout.k(), layout.v())
                        .address(lengths)
                        .address(CudaMemory.address(call.output()))
                        .number(layout.entries())
                        .struct(struct)
                        .address(shop.faults()));
    }

    private void backward() {
        long queries = shop.scratch((long) layout.entries() * layout.queries() * NUMBERS_OF_A_QUERY * numberBytes);
        shop.launch(
                BACKWARD,
                kernel("attention_queries"),
                Grid.blocksOf(parts(layout.queries(), layout.width()), LANES),
                operands(layout.q(), layout.k(), layout.v(), layout.output())
                        .address(lengths)
                        .address(queries)
                        .number(layout.entries())
                        .struct(struct)
                        .address(shop.faults()));
        int columns = columns(64);
        shop.launch(
                BACKWARD,
                kernel("attention_gradient_" + columns),
                Grid.blocksOf(parts(layout.keys(), columns) + parts(layout.queries(), columns), LANES),
                operands(layout.q(), layout.k(), layout.v(), layout.output())
                        .address(lengths)
                        .address(queries)
                        .address(CudaMemory.address(call.output()))
                        .number(layout.entries())
                        .struct(struct)
                        .address(shop.faults()));
    }

    /** How many columns of a result a block works for: all of them, unless no kernel is made for so many. */
    private int columns(int most) {
        return Math.clamp(Integer.highestOneBit(2 * layout.width() - 1), FEWEST_COLUMNS, most);
    }

    /** How many blocks there is work for, each with a tile of rows of an entry and some columns. */
    private long parts(int rows, int columns) {
        int tile = TILE_BYTES / numberBytes;
        return (long) layout.entries() * Math.ceilDiv(rows, tile) * Math.ceilDiv(layout.width(), columns);
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
        bytes.set(JAVA_DOUBLE, SCALE, layout.scale());
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
