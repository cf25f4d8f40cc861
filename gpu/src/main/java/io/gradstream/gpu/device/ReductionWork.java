package io.gradstream.gpu.device;

import static io.gradstream.gpu.device.CudaMemory.address;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Call;
import io.gradstream.autodiff.op.ArgMax;
import io.gradstream.autodiff.op.LogSumExp;
import io.gradstream.autodiff.op.Max;
import io.gradstream.autodiff.op.Norm;
import io.gradstream.autodiff.op.Reduction;
import io.gradstream.autodiff.op.SlopeProduct;
import io.gradstream.autodiff.op.Sum;
import io.gradstream.gpu.driver.Grid;

/**
 * Elements folded into one: {@code reduction.cu}. The shape of the fold follows from the operand's shape alone, so that every card folds in
 * the same order.
 */
final class ReductionWork {
    private static final String MODULE = "reduction";
    private static final int COLUMNS = 32;
    /** How many elements a thread folds at least before a fold is cut into parts for several blocks. */
    private static final int PER_THREAD = 16;
    /** How many blocks are enough. */
    private static final int BLOCKS = 256;

    private ReductionWork() {}

    static void add(Reduction op, Call call, Workshop shop) {
        Buffer x = call.input(0);
        Buffer y = call.output();
        Shape shape = x.type().shape();
        boolean[] folded = new boolean[shape.rank()];
        for (int axis : op.axes().axes()) {
            folded[axis] = true;
        }
        Places outer = places(shape, folded, false);
        Places inner = places(shape, folded, true);
        long results = y.size();
        int count = results == 0 ? 0 : Math.toIntExact(x.size() / results);
        if (results == 0) {
            return;
        }
        boolean columns = isKept(shape, folded);
        Grid grid = columns ? columns(results, count) : rows(results, count);
        long parts = grid.blocksY() == 1 ? 0 : shop.scratch(grid.blocksY() * results * foldBytes(op, x));
        String kernel = Workshop.kernel(op.name(), x.type().dtype());
        shop.launch(
                MODULE,
                kernel,
                grid,
                shop.arguments()
                        .address(address(x))
                        .address(address(y))
                        .address(parts)
                        .number(results)
                        .number(count)
                        .struct(outer.struct(shop.arena()))
                        .struct(inner.struct(shop.arena()))
                        .flag(columns));
        if (grid.blocksY() > 1) {
            join(kernel, parts, y, grid.blocksY(), shop);
        }
    }

    /** The sum over the rows of a cotangent that comes back through an activation; folded like any other sum over rows. */
    static void slopeSum(SlopeProduct.Activation activation, Call call, Workshop shop) {
        Buffer result = call.input(1);
        Buffer y = call.output();
        int rows = result.type().shape().dim(0);
        int columns = result.type().shape().dim(1);
        Grid grid = columns(columns, rows);
        long parts = grid.blocksY() == 1 ? 0 : shop.scratch((long) grid.blocksY() * columns * Float.BYTES);
        shop.launch(
                "slope",
                Workshop.kernel(activation.name() + "_slope_sum", result.type().dtype()),
                grid,
                shop.arguments()
                        .address(address(call.input(0)))
                        .address(address(result))
                        .address(address(y))
                        .address(parts)
                        .number(rows)
                        .number(columns));
        if (grid.blocksY() > 1) {
            join("sum_f32", parts, y, grid.blocksY(), shop);
        }
    }

    private static void join(String kernel, long parts, Buffer y, int count, Workshop shop) {
        shop.launch(
                MODULE,
                kernel + "_parts",
                Grid.elements(y.size()),
                shop.arguments()
                        .address(parts)
                        .address(address(y))
                        .number(y.size())
                        .number(count));
    }

    /** The places along the axes that are folded, or along the others. */
    private static Places places(Shape shape, boolean[] folded, boolean wanted) {
        int[] extents = new int[shape.rank()];
        for (int axis = 0; axis < extents.length; axis++) {
            extents[axis] = folded[axis] == wanted ? shape.dim(axis) : 1;
        }
        return Places.of(extents, shape.strides());
    }

    /** Whether neighbouring elements belong to different results. */
    private static boolean isKept(Shape shape, boolean[] folded) {
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            if (shape.dim(axis) != 1) {
                return !folded[axis];
            }
        }
        return false;
    }

    private static Grid rows(long results, int count) {
        Grid grid = Grid.rows(results, count);
        return parts(grid, grid.threadsX(), count);
    }

    private static Grid columns(long results, int count) {
        int lanes = Grid.THREADS / COLUMNS;
        Grid grid = Grid.elements(Math.ceilDiv(results, COLUMNS) * Grid.THREADS);
        return parts(new Grid(grid.blocksX(), 1, COLUMNS, lanes), lanes, count);
    }

    private static Grid parts(Grid grid, int lanes, int count) {
        int wanted = Math.max(1, BLOCKS / grid.blocksX());
        int useful = Math.max(1, count / (lanes * PER_THREAD));
        return new Grid(grid.blocksX(), Math.min(wanted, useful), grid.threadsX(), grid.threadsY());
    }

    /** How many bytes the kernels' folds take. */
    private static long foldBytes(Reduction op, Buffer x) {
        int element = x.type().dtype().bytes();
        return switch (op) {
            case Sum _, Max _ -> element;
            case Norm _ -> Double.BYTES;
            case LogSumExp _, ArgMax _ -> 2L * element;
        };
    }
}
