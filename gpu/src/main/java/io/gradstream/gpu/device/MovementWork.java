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
import java.util.Locale;

/** Elements copied to other places and other types: {@code movement.cu} and {@code cast.cu}. */
final class MovementWork {
    private static final String MODULE = "movement";

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
        shop.launch(
                MODULE,
                "copy_b" + 8 * bytes,
                Grid.elements(elements),
                shop.arguments()
                        .address(address(x) + fromX * bytes)
                        .address(address(y) + fromY * bytes)
                        .number(elements)
                        .struct(Places.of(extents, strides, stridesOfY).struct(shop.arena())));
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
            shop.launch(
                    "cast",
                    "cast_" + x.type().dtype().name().toLowerCase(Locale.ROOT) + "_"
                            + y.type().dtype().name().toLowerCase(Locale.ROOT),
                    Grid.elements(y.size()),
                    shop.arguments().address(address(x)).address(address(y)).number(y.size()));
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
