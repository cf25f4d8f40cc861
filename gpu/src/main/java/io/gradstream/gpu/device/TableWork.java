package io.gradstream.gpu.device;

import static io.gradstream.gpu.device.CudaMemory.address;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.AddRowNoise;
import io.gradstream.autodiff.op.Slots;
import io.gradstream.autodiff.op.TableUpdate;
import io.gradstream.gpu.driver.Grid;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Tables of which only touched rows have gradients: {@code table.cu}. */
final class TableWork {
    private static final String MODULE = "table";
    private static final long CHANGE = 2L * Double.BYTES;

    private TableWork() {}

    static void accumulate(Call call, Workshop shop) {
        Buffer gradients = call.input(0);
        Buffer index = call.input(1);
        Buffer updates = call.input(2);
        int count = updates.type().shape().dim(0);
        int width = updates.type().shape().dim(1);
        if (count == 0 || width == 0) {
            return;
        }
        DType dtype = gradients.type().dtype();
        int tiles = Math.ceilDiv(count, Meetings.TILE);
        Meetings meetings = Meetings.of(count, Meetings.bytesOf(count) + Meetings.bytesOf(1 + tiles), shop);
        MemorySegment met = meetings.struct(shop.arena());
        MemorySegment claims = claims(meetings, shop.arena());
        MemorySegment slots = slots(gradients, shop.arena());
        shop.launch(
                MODULE,
                Workshop.kernel("MeetUnlessZero", dtype),
                Grid.rows(count, width),
                shop.arguments()
                        .address(address(updates))
                        .address(address(call.input(3)))
                        .struct(met)
                        .number(width));
        shop.launch(
                MODULE,
                "find_slots",
                Grid.elements(count),
                shop.arguments()
                        .address(address(call.input(3)))
                        .address(address(index))
                        .struct(met)
                        .struct(claims)
                        .struct(slots));
        shop.launch(
                MODULE,
                Workshop.kernel("ClaimAndAdd", dtype),
                Grid.blocksOf(tiles),
                shop.arguments()
                        .address(address(gradients))
                        .address(address(updates))
                        .address(address(call.input(3)))
                        .address(address(index))
                        .struct(met)
                        .struct(claims)
                        .number(width)
                        .struct(slots)
                        .address(shop.faults()));
    }

    /** The kernels' struct of what is found out about slots: one number for each update, and one for each tile and one more. */
    private static MemorySegment claims(Meetings meetings, Arena arena) {
        MemorySegment struct = arena.allocate(JAVA_LONG, 2);
        struct.setAtIndex(JAVA_LONG, 0, meetings.more());
        struct.setAtIndex(JAVA_LONG, 1, meetings.more() + Meetings.bytesOf(meetings.count()));
        return struct;
    }

    static void update(TableUpdate op, Call call, Workshop shop) {
        int moments = op.rule().moments();
        Buffer table = call.input(0);
        Buffer gradients = call.input(1);
        Buffer control = call.input(2 + moments);
        Buffer statistics = call.input(3 + moments);
        Buffer index = call.input(4 + moments);
        DType dtype = table.type().dtype();
        int rows = table.type().shape().dim(0);
        int width = table.type().shape().dim(1);
        long most = op.everyRow() ? table.size() : gradients.size();
        Grid grid = Grid.elements(most);
        long changes = shop.scratch(CHANGE * grid.blocksX());
        var arguments = shop.arguments().address(address(table)).address(address(gradients));
        UpdateWork.moments(op.rule(), call, arguments);
        shop.launch(
                MODULE,
                "table_" + UpdateWork.rule(op.rule(), dtype),
                grid,
                arguments
                        .address(address(control))
                        .address(address(index))
                        .address(changes)
                        .number(rows)
                        .number(width)
                        .flag(op.everyRow())
                        .struct(slots(gradients, shop.arena()))
                        .struct(UpdateWork.settings(op.rule(), shop.arena()))
                        .address(shop.faults()));
        shop.launch(
                MODULE,
                "table_statistics",
                Grid.single(),
                shop.arguments().address(changes).address(address(statistics)).number(grid.blocksX()));
        shop.clear(index);
    }

    static void health(Call call, Workshop shop) {
        Buffer gradients = call.input(0);
        Grid grid = Grid.elements(gradients.size());
        long squares = shop.scratch((long) Double.BYTES * grid.blocksX());
        shop.launch(
                MODULE,
                Workshop.kernel("SlotSquares", gradients.type().dtype()),
                grid,
                shop.arguments()
                        .address(address(gradients))
                        .address(address(call.input(1)))
                        .address(squares)
                        .number(gradients.type().shape().dim(1)));
        shop.launch(
                MODULE,
                "slot_health",
                Grid.single(),
                shop.arguments()
                        .address(squares)
                        .address(address(call.output()))
                        .number(grid.blocksX()));
    }

    static void addNoise(AddRowNoise op, Call call, Workshop shop) {
        Buffer gradients = call.input(0);
        shop.launch(
                "step",
                Workshop.kernel(op.name(), gradients.type().dtype()),
                Grid.elements(gradients.size()),
                shop.arguments()
                        .address(address(gradients))
                        .address(address(call.input(1)))
                        .address(address(call.input(2)))
                        .number(gradients.type().shape().dim(1))
                        .number(op.draws().seed())
                        .number(op.draws().stream())
                        .number(op.noise().variance())
                        .number(op.noise().decay()));
    }

    /** The kernels' struct of the slots that gradients lie in. */
    private static MemorySegment slots(Buffer gradients, Arena arena) {
        Slots slots = new Slots(gradients.type().shape().dim(0));
        MemorySegment struct = arena.allocate(JAVA_INT, 3);
        struct.setAtIndex(JAVA_INT, 0, slots.capacity());
        struct.setAtIndex(JAVA_INT, 1, slots.buckets());
        struct.setAtIndex(JAVA_INT, 2, Integer.numberOfLeadingZeros(slots.buckets()) + 1);
        return struct;
    }
}
