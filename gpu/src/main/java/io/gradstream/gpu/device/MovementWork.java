package io.gradstream.gpu.device;

import static io.gradstream.gpu.device.CudaMemory.address;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.Broadcast;
import io.gradstream.autodiff.op.Concat;
import io.gradstream.autodiff.op.Movement;
import io.gradstream.autodiff.op.Pad;
import io.gradstream.autodiff.op.Slice;
import io.gradstream.autodiff.op.Transpose;
import io.gradstream.gpu.driver.Grid;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/** Elements copied to other places and other types: {@code movement.cu} and {@code cast.cu}. */
final class MovementWork {
    private static final String MODULE = "movement";
    /** How many bytes a thread copies at once at most. */
    private static final int MOST_BYTES = 16;
    /** How many elements the sides of a square have that is turned over. */
    private static final int SIDE = 32;

    private MovementWork() {}

    static void add(Movement op, Call call, Workshop shop) {
        Buffer x = call.inputs().getFirst();
        Buffer y = call.output();
        Shape from = x.type().shape();
        Shape to = y.type().shape();
        switch (op) {
            case Transpose transpose -> transpose(transpose, x, y, shop);
            case Broadcast _ -> repeat(x, y, shop);
            case Slice(int axis, int first, int _) ->
                copy(to.dims(), x, first * from.strides()[axis], from.strides(), y, 0, to.strides(), shop);
            case Pad(int axis, int before, int _) -> {
                shop.clear(y);
                copy(from.dims(), x, 0, from.strides(), y, before * to.strides()[axis], to.strides(), shop);
            }
            case Concat(int axis) -> concat(axis, call, shop);
        }
    }

    /** Repeats a value in every row of another. */
    static void repeat(Buffer x, Buffer y, Workshop shop) {
        Shape to = y.type().shape();
        copy(to.dims(), x, 0, Places.broadcast(x.type().shape(), to), y, 0, to.strides(), shop);
    }

    private static void transpose(Transpose op, Buffer x, Buffer y, Workshop shop) {
        long[] own = x.type().shape().strides();
        int[] order = op.order();
        long[] strides = new long[order.length];
        for (int axis = 0; axis < order.length; axis++) {
            strides[axis] = own[order[axis]];
        }
        Shape to = y.type().shape();
        copy(to.dims(), x, 0, strides, y, 0, to.strides(), shop);
    }

    private static void concat(int axis, Call call, Workshop shop) {
        Buffer y = call.output();
        long[] strides = y.type().shape().strides();
        long start = 0;
        for (Buffer part : call.inputs()) {
            Shape shape = part.type().shape();
            copy(shape.dims(), part, 0, shape.strides(), y, start * strides[axis], strides, shop);
            start += shape.dim(axis);
        }
    }

    private static void copy(
            int[] extents,
            Buffer x,
            long fromX,
            long[] strides,
            Buffer y,
            long fromY,
            long[] stridesOfY,
            Workshop shop) {
        long elements = 1;
        for (int extent : extents) {
            elements *= extent;
        }
        if (elements == 0) {
            return;
        }
        int bytes = x.type().dtype().bytes();
        Places places = Places.of(extents, strides, stridesOfY);
        Copy copy = new Copy(address(x) + fromX * bytes, address(y) + fromY * bytes, elements, bytes);
        if (places.isOneStretch()) {
            shop.copy(copy.to(), copy.from(), elements * bytes);
        } else if (turnsOver(places)) {
            turnOver(copy, places, shop);
        } else {
            copy(copy, places, shop);
        }
    }

    /** Some elements on their way, of so many bytes each. */
    private record Copy(long from, long to, long elements, int bytes) {
        /** The same bytes as fewer elements. */
        Copy inGroupsOf(int count) {
            return new Copy(from, to, elements / count, bytes * count);
        }

        boolean isAligned() {
            return (from | to) % bytes == 0;
        }
    }

    /** As many neighbours at a time as stay neighbours, up to what a thread can hold in its hands. */
    private static void copy(Copy copy, Places places, Workshop shop) {
        for (int group = MOST_BYTES / copy.bytes(); group > 1; group /= 2) {
            Copy groups = copy.inGroupsOf(group);
            if (places.isInGroupsOf(group) && !places.repeats(0) && groups.isAligned()) {
                launch(groups, places.inGroupsOf(group), shop);
                return;
            }
        }
        launch(copy, places, shop);
    }

    private static void launch(Copy copy, Places places, Workshop shop) {
        shop.launch(
                MODULE,
                "copy_b" + 8 * copy.bytes(),
                Grid.elements(copy.elements()),
                shop.arguments()
                        .address(copy.from())
                        .address(copy.to())
                        .number(copy.elements())
                        .struct(places.struct(shop.arena())));
    }

    /** Whether neighbours are taken apart and others are brought together, enough of both to fill half a square. */
    private static boolean turnsOver(Places places) {
        int tall = places.axisOfNeighbours(0);
        int wide = places.axisOfNeighbours(1);
        return tall >= 0
                && wide >= 0
                && tall != wide
                && Math.min(
                                places.axes().get(tall).extent(),
                                places.axes().get(wide).extent())
                        >= SIDE / 2;
    }

    private static void turnOver(Copy copy, Places places, Workshop shop) {
        int tallAxis = places.axisOfNeighbours(0);
        int wideAxis = places.axisOfNeighbours(1);
        Places.Axis tall = places.axes().get(tallAxis);
        Places.Axis wide = places.axes().get(wideAxis);
        long matrices = copy.elements() / (tall.extent() * wide.extent());
        long squares = matrices * Math.ceilDiv(tall.extent(), SIDE) * Math.ceilDiv(wide.extent(), SIDE);
        shop.launch(
                MODULE,
                "turn_over_b" + 8 * copy.bytes(),
                Grid.blocksOf(squares, SIDE),
                shop.arguments()
                        .address(copy.from())
                        .address(copy.to())
                        .number(Math.toIntExact(tall.extent()))
                        .number(Math.toIntExact(wide.extent()))
                        .number((long) wide.strides().get(0))
                        .number((long) tall.strides().get(1))
                        .number(matrices)
                        .struct(places.without(tallAxis, wideAxis).struct(shop.arena())));
    }

    /** Every element becomes one number. */
    static void fill(double value, Buffer target, Workshop shop) {
        if (value == 0 && Double.doubleToRawLongBits(value) == 0) {
            shop.clear(target);
            return;
        }
        if (target.size() == 0) {
            return;
        }
        DType dtype = target.type().dtype();
        shop.launch(
                MODULE,
                "fill_b" + 8 * dtype.bytes(),
                Grid.elements(target.size()),
                shop.arguments().address(address(target)).number(target.size()).number(bits(dtype, value)));
    }

    static void oneHot(int classes, Call call, Workshop shop) {
        Buffer y = call.output();
        DType dtype = y.type().dtype();
        shop.launch(
                MODULE,
                "one_hot_b" + 8 * dtype.bytes(),
                Grid.elements(y.size()),
                shop.arguments()
                        .address(address(call.input(0)))
                        .address(address(y))
                        .number(y.size())
                        .number(classes)
                        .number(bits(dtype, 1)));
    }

    static void cast(Call call, Workshop shop) {
        Buffer x = call.input(0);
        Buffer y = call.output();
        if (y.size() > 0) {
            Pace pace = Pace.of(y.size(), List.of(x, y));
            long count = pace.count(y.size());
            shop.launch(
                    "cast",
                    pace.kernel("cast_" + x.type().dtype().name().toLowerCase(Locale.ROOT) + "_"
                            + y.type().dtype().name().toLowerCase(Locale.ROOT)),
                    Grid.elements(count),
                    shop.arguments().address(address(x)).address(address(y)).number(count));
        }
    }

    /** The bits of a number in the low bytes of a long. */
    private static long bits(DType dtype, double value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment element = arena.allocate(Long.BYTES, Long.BYTES);
            dtype.set(element, 0, value);
            return element.get(JAVA_LONG, 0);
        }
    }
}
