package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import io.gradstream.autodiff.op.AdafactorUpdate;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.Segment;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * {@link AdafactorUpdate} on vectors. Three passes over a parameter's gradients: the means of squares, the size of the update, the update.
 * The first and the last elements of a row are computed alike, a vector's as one row whose second moments are the columns'.
 */
final class VectorAdafactor extends VectorWalk {
    private static final int LANES = FLOATS.length();

    private final AdafactorUpdate op;
    private final Squares squares = new Squares();
    private final float[] lanes = new float[LANES];
    private final long parameters;
    private final long gradients;
    private final long moments;
    private final long columnSums;
    private final long rowFactors;
    private final long change;
    private final float floor;
    private float factor;
    private float weight;
    private float shrink;
    private double relativeRate;

    VectorAdafactor(AdafactorUpdate op, List<Operand> operands, Workspace workspace) {
        super(op, operands);
        this.op = op;
        long[] blocks = this.operands.addresses();
        parameters = blocks[0];
        gradients = blocks[1];
        moments = blocks[2];
        floor = (float) (op.epsilon1() * op.epsilon1());
        int rows = 1;
        long columns = CHUNK;
        for (int i = 0; i < op.segments().count(); i++) {
            rows = Math.max(rows, op.rows().get(i));
            columns = Math.max(columns, columns(i, op.segments().list().get(i)));
        }
        columnSums = workspace.floats(columns).address();
        rowFactors = workspace.floats(rows).address();
        change = workspace.floats(columns).address();
    }

    private int rows(int row) {
        return op.isFactored(row) ? op.rows().get(row) : 1;
    }

    private int columns(int row, Segment segment) {
        return Math.toIntExact(op.isFactored(row) ? op.columns(row) : segment.size());
    }

    @Override
    void begin() {
        double rate = operands.control(Control.LEARNING_RATE);
        double steps = operands.control(Control.STEP_COUNT);
        factor = (float) operands.control(Control.GRADIENT_FACTOR);
        weight = (float) Math.pow(steps, op.decay());
        shrink = (float) (1 - rate * op.weightDecay());
        relativeRate = Math.min(rate, 1 / Math.sqrt(steps));
    }

    @Override
    void update(int row, Segment segment) {
        int rows = rows(row);
        int columns = columns(row, segment);
        long state = moments + op.stateOffset(row) * Float.BYTES;
        long columnMoments = op.isFactored(row) ? state + (long) rows * Float.BYTES : state;
        long g = gradients + segment.offset() * Float.BYTES;
        long p = parameters + segment.offset() * Float.BYTES;
        long width = (long) columns * Float.BYTES;
        learn(g, rows, columns, columnMoments, state);

        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += squaredDirection(g + i * width, columnMoments, columns, get(rowFactors, i));
        }
        double size = segment.size();
        double excess = Math.max(1, Math.sqrt(sum / size) / op.threshold());
        double scale = Math.max(op.epsilon2(), Math.sqrt(squaredWeight(p, segment.size()) / size));
        float step = (float) (scale * relativeRate / excess);

        int rowsAtOnce = Math.max(1, CHUNK / columns);
        for (int from = 0; from < rows; from += rowsAtOnce) {
            int count = Math.min(rowsAtOnce, rows - from);
            for (int i = 0; i < count; i++) {
                long at = (from + i) * width;
                apply(p + at, g + at, columnMoments, columns, get(rowFactors, from + i), step, change + i * width);
            }
            measure(change, p + from * width, count * columns);
        }
    }

    /** Moves the second moments, and leaves in the row factors what makes a column's moment that of an element. */
    private void learn(long g, int rows, int columns, long columnMoments, long rowMoments) {
        for (int j = 0; j < columns; j++) {
            set(columnSums, j, 0);
        }
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            double square = addSquares(g + (long) i * columns * Float.BYTES, columns);
            if (rows > 1) {
                sum += learn(rowMoments, i, (float) (square / columns));
            }
        }
        float share = 1f / rows;
        for (int j = 0; j < columns; j++) {
            learn(columnMoments, j, get(columnSums, j) * share);
        }
        float scale = (float) (1 / Math.max(op.epsilon1(), sum / rows));
        for (int i = 0; i < rows; i++) {
            set(rowFactors, i, rows > 1 ? get(rowMoments, i) * scale : 1);
        }
    }

    private float learn(long block, int index, float square) {
        float moment = get(block, index);
        moment = Math.fma(square - moment, weight, moment);
        moment = moment < (float) OptimizerUpdate.SECOND_MOMENT_FLUSH ? 0 : moment;
        set(block, index, moment);
        return moment;
    }

    /** Adds the squares of a row of gradients to the columns, and returns their sum. */
    private double addSquares(long row, int columns) {
        FloatVector sums = FloatVector.zero(FLOATS);
        int j = 0;
        for (; j <= columns - LANES; j += LANES) {
            long at = (long) j * Float.BYTES;
            FloatVector g =
                    fromMemorySegment(FLOATS, MEMORY, row + at, LITTLE_ENDIAN).mul(factor);
            FloatVector square = g.mul(g);
            sums = sums.add(square);
            fromMemorySegment(FLOATS, MEMORY, columnSums + at, LITTLE_ENDIAN)
                    .add(square)
                    .intoMemorySegment(MEMORY, columnSums + at, LITTLE_ENDIAN);
        }
        sums.intoArray(lanes, 0);
        double sum = sumOfLanes();
        for (; j < columns; j++) {
            float g = get(row, j) * factor;
            sum += g * g;
            set(columnSums, j, get(columnSums, j) + g * g);
        }
        return sum;
    }

    private double squaredDirection(long row, long columnMoments, int columns, float rowFactor) {
        FloatVector sums = FloatVector.zero(FLOATS);
        int j = 0;
        for (; j <= columns - LANES; j += LANES) {
            long at = (long) j * Float.BYTES;
            FloatVector g =
                    fromMemorySegment(FLOATS, MEMORY, row + at, LITTLE_ENDIAN).mul(factor);
            FloatVector second = fromMemorySegment(FLOATS, MEMORY, columnMoments + at, LITTLE_ENDIAN)
                    .mul(rowFactor)
                    .max(floor);
            sums = sums.add(g.mul(g).div(second));
        }
        sums.intoArray(lanes, 0);
        double sum = sumOfLanes();
        for (; j < columns; j++) {
            float g = get(row, j) * factor;
            sum += g * g / Math.max(get(columnMoments, j) * rowFactor, floor);
        }
        return sum;
    }

    private void apply(long p, long row, long columnMoments, int columns, float rowFactor, float step, long change) {
        int j = 0;
        for (; j <= columns - LANES; j += LANES) {
            long at = (long) j * Float.BYTES;
            FloatVector before = fromMemorySegment(FLOATS, MEMORY, p + at, LITTLE_ENDIAN);
            FloatVector second = fromMemorySegment(FLOATS, MEMORY, columnMoments + at, LITTLE_ENDIAN)
                    .mul(rowFactor)
                    .max(floor);
            FloatVector u = fromMemorySegment(FLOATS, MEMORY, row + at, LITTLE_ENDIAN)
                    .mul(factor)
                    .div(second.sqrt());
            FloatVector after = before.mul(shrink).sub(u.mul(step));
            after.intoMemorySegment(MEMORY, p + at, LITTLE_ENDIAN);
            after.sub(before).intoMemorySegment(MEMORY, change + at, LITTLE_ENDIAN);
        }
        for (; j < columns; j++) {
            float before = get(p, j);
            float second = Math.max(get(columnMoments, j) * rowFactor, floor);
            float u = get(row, j) * factor / (float) Math.sqrt(second);
            float after = before * shrink - u * step;
            set(p, j, after);
            set(change, j, after - before);
        }
    }

    private double squaredWeight(long from, long count) {
        double sum = 0;
        for (long at = 0; at < count; at += CHUNK) {
            sum += squares.sum(from + at * Float.BYTES, (int) Math.min(CHUNK, count - at));
        }
        return sum;
    }

    private double sumOfLanes() {
        double sum = 0;
        for (float lane : lanes) {
            sum += lane;
        }
        return sum;
    }

    private static float get(long block, int index) {
        return MEMORY.get(FLOAT, block + (long) index * Float.BYTES);
    }

    private static void set(long block, int index, float value) {
        MEMORY.set(FLOAT, block + (long) index * Float.BYTES, value);
    }
}
