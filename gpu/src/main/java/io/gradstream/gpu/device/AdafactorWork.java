package io.gradstream.gpu.device;

import static io.gradstream.gpu.device.CudaMemory.address;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.op.AdafactorUpdate;
import io.gradstream.gpu.device.UpdateWork.Operands;
import io.gradstream.gpu.driver.Arguments;
import io.gradstream.gpu.driver.Grid;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Steps of Adafactor on flat blocks: {@code adafactor.cu}. */
final class AdafactorWork {
    private static final String MODULE = "adafactor";
    private static final long MATRIX = 40;
    private static final long LENGTHS = 2L * Double.BYTES;

    /** The most bands of a matrix, and the fewest rows of a band. */
    private static final int MOST_BANDS = 256;

    private static final int FEWEST_ROWS = 16;
    /** The most blocks that share the elements of a parameter, and how many each has where they are fewer. */
    private static final int MOST_BLOCKS = 128;

    private static final int ELEMENTS_OF_BLOCK = 2048;

    private AdafactorWork() {}

    static void add(AdafactorUpdate op, Operands operands, Buffer moments, Workshop shop) {
        List<Matrix> matrices = matrices(op);
        if (matrices.isEmpty()) {
            return;
        }
        int count = matrices.size();
        DType dtype = operands.parameters().type().dtype();
        Grid ofRows = grid(matrices, matrix -> matrix.factored() ? matrix.bands() : matrix.blocks());
        Grid ofColumns = grid(matrices, matrix -> Math.ceilDiv(matrix.columns(), Grid.THREADS));
        Grid ofElements = grid(matrices, Matrix::blocks);
        long blocks = (long) count * ofElements.blocksX();

        long sums = shop.scratch(
                Double.BYTES * (matrices.getLast().end() + count) + (LENGTHS + UpdateWork.CHANGE) * blocks);
        long scales = sums + Double.BYTES * matrices.getLast().end();
        long lengths = scales + (long) Double.BYTES * count;
        long changes = lengths + LENGTHS * blocks;

        long structs = shop.constant(structs(matrices, shop.arena()));
        MemorySegment settings = UpdateWork.settings(
                shop.arena(), op.decay(), op.epsilon1(), op.epsilon2(), op.threshold(), op.weightDecay());
        long control = address(operands.control());
        shop.launch(
                MODULE,
                Workshop.kernel("AdafactorRows", dtype),
                ofRows,
                shop.arguments()
                        .address(address(operands.gradients()))
                        .address(address(moments))
                        .address(control)
                        .address(structs)
                        .address(sums)
                        .struct(settings));
        shop.launch(
                MODULE,
                "adafactor_columns",
                ofColumns,
                shop.arguments()
                        .address(address(moments))
                        .address(control)
                        .address(structs)
                        .address(sums)
                        .address(scales)
                        .struct(settings));
        shop.launch(
                MODULE,
                Workshop.kernel("AdafactorLengths", dtype),
                ofElements,
                elements(operands, moments, structs, scales, shop)
                        .address(lengths)
                        .struct(settings));
        shop.launch(
                MODULE,
                Workshop.kernel("AdafactorUpdate", dtype),
                ofElements,
                elements(operands, moments, structs, scales, shop)
                        .address(lengths)
                        .address(changes)
                        .struct(settings));
        shop.launch(
                MODULE,
                "adafactor_statistics",
                new Grid(1, count, Grid.THREADS, 1),
                shop.arguments()
                        .address(changes)
                        .address(address(operands.statistics()))
                        .number(ofElements.blocksX()));
    }

    /** What the kernels take that go over all elements, but for what they leave. */
    private static Arguments elements(Operands operands, Buffer moments, long structs, long scales, Workshop shop) {
        return shop.arguments()
                .address(address(operands.parameters()))
                .address(address(operands.gradients()))
                .address(address(moments))
                .address(address(operands.control()))
                .address(structs)
                .address(scales);
    }

    /** As many blocks for every parameter as the one takes that takes most. */
    private static Grid grid(List<Matrix> matrices, ToIntFunction<Matrix> blocks) {
        int most = matrices.stream().mapToInt(blocks).max().orElseThrow();
        return new Grid(Math.max(1, most), matrices.size(), Grid.THREADS, 1);
    }

    /** One parameter: where it lies, where its moments and the sums of its columns do, and its shape. */
    private record Matrix(long offset, long moments, long sums, int rows, int columns) {
        boolean factored() {
            return rows > 1 && columns > 1;
        }

        int rowsOfBand() {
            return Math.max(FEWEST_ROWS, Math.ceilDiv(rows, MOST_BANDS));
        }

        int bands() {
            return factored() ? Math.ceilDiv(rows, rowsOfBand()) : 0;
        }

        /** Where the sums of the next parameter's columns begin. */
        long end() {
            return sums + (long) bands() * columns;
        }

        int blocks() {
            return Math.clamp(Math.ceilDiv((long) rows * columns, ELEMENTS_OF_BLOCK), 1, MOST_BLOCKS);
        }
    }

    private static List<Matrix> matrices(AdafactorUpdate op) {
        List<Matrix> matrices = new ArrayList<>();
        long sums = 0;
        for (int i = 0; i < op.segments().count(); i++) {
            long offset = op.segments().list().get(i).offset();
            Matrix matrix =
                    new Matrix(offset, op.stateOffset(i), sums, op.rows().get(i), op.columns(i));
            matrices.add(matrix);
            sums = matrix.end();
        }
        return matrices;
    }

    /** The kernels' structs. */
    private static MemorySegment structs(List<Matrix> matrices, Arena arena) {
        MemorySegment structs = arena.allocate(matrices.size() * MATRIX, Long.BYTES);
        for (int i = 0; i < matrices.size(); i++) {
            Matrix matrix = matrices.get(i);
            structs.set(JAVA_LONG, i * MATRIX, matrix.offset());
            structs.set(JAVA_LONG, i * MATRIX + 8, matrix.moments());
            structs.set(JAVA_LONG, i * MATRIX + 16, matrix.sums());
            structs.set(JAVA_INT, i * MATRIX + 24, matrix.rows());
            structs.set(JAVA_INT, i * MATRIX + 28, matrix.columns());
            structs.set(JAVA_INT, i * MATRIX + 32, matrix.rowsOfBand());
            structs.set(
                    JAVA_INT,
                    i * MATRIX + 36,
                    Grid.rows(matrix.rows(), matrix.columns()).threadsX());
        }
        return structs;
    }
}
