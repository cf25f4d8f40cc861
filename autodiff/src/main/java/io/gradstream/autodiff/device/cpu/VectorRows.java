package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static io.gradstream.autodiff.device.cpu.VectorMath.splat;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Softmax and its relatives on rows of F32, through one row of e^(x − max) padded to whole vectors. */
final class VectorRows {

    private final MemorySegment in;
    private final int rows;
    private final int width;
    private final int padded;
    private final MemorySegment room;
    private final float[] lanes = new float[FLOATS.length()];

    private VectorRows(Operand in, Workspace workspace) {
        this(in, in.shape().dim(-1), workspace);
    }

    private VectorRows(Operand in, int width, Workspace workspace) {
        this.in = in.data();
        this.width = width;
        rows = in.size() / width;
        padded = (width + FLOATS.length() - 1) / FLOATS.length() * FLOATS.length();
        room = workspace.floats(padded);
    }

    static PreparedCall softmax(Operand in, Operand out, Workspace workspace) {
        VectorRows kernel = new VectorRows(in, workspace);
        return () -> kernel.softmax(out.data());
    }

    static PreparedCall logSoftmax(Operand in, Operand out, Workspace workspace) {
        VectorRows kernel = new VectorRows(in, workspace);
        return () -> kernel.logSoftmax(out.data());
    }

    static PreparedCall softmaxCrossEntropy(Operand logits, Operand classes, Operand out, Workspace workspace) {
        VectorRows kernel = new VectorRows(logits, workspace);
        return () -> kernel.crossEntropy(classes, out.data());
    }

    /** Of folds that are runs of neighbouring elements. */
    static PreparedCall logSumExp(Operand in, Folds folds, Operand out, Workspace workspace) {
        VectorRows kernel = new VectorRows(in, folds.length(), workspace);
        return () -> kernel.logSumExp(out);
    }

    private void logSumExp(Operand out) {
        for (int row = 0; row < rows; row++) {
            float max = max(row);
            float shift = Float.isInfinite(max) ? 0 : max;
            out.set(row, shift + Math.log(exponentials(row, shift)));
        }
    }

    private void softmax(MemorySegment out) {
        for (int row = 0; row < rows; row++) {
            float inverse = (float) (1 / exponentials(row, max(row)));
            for (long i = 0; i < padded; i += FLOATS.length()) {
                long at = i * Float.BYTES;
                FloatVector.fromMemorySegment(FLOATS, MEMORY, room.address() + at, LITTLE_ENDIAN)
                        .mul(inverse)
                        .intoMemorySegment(MEMORY, room.address() + at, LITTLE_ENDIAN);
            }
            MemorySegment.copy(room, 0, out, offset(row, 0), (long) width * Float.BYTES);
        }
    }

    private void logSoftmax(MemorySegment out) {
        for (int row = 0; row < rows; row++) {
            float max = max(row);
            double log = Math.log(exponentials(row, max));
            for (int column = 0; column < width; column++) {
                long at = offset(row, column);
                out.set(FLOAT, at, (float) ((double) in.get(FLOAT, at) - max - log));
            }
        }
    }

    private void crossEntropy(Operand classes, MemorySegment out) {
        for (int row = 0; row < rows; row++) {
            float max = max(row);
            double log = Math.log(exponentials(row, max));
            float chosen = in.get(FLOAT, offset(row, PlainKernels.row(classes, row, width)));
            out.set(FLOAT, (long) row * Float.BYTES, (float) (log + ((double) max - chosen)));
        }
    }

    private float max(int row) {
        return VectorExtremes.row(in.address() + offset(row, 0), width, lanes);
    }

    /** Leaves the row's e^(x − max) in the room and returns their sum. */
    private double exponentials(int row, float max) {
        MemorySegment.copy(in, offset(row, 0), room, 0, (long) width * Float.BYTES);
        for (long i = 0; i < padded; i += FLOATS.length()) {
            long at = i * Float.BYTES;
            FloatVector x = FloatVector.fromMemorySegment(FLOATS, MEMORY, room.address() + at, LITTLE_ENDIAN);
            VectorMath.exp(x.sub(splat(max))).intoMemorySegment(MEMORY, room.address() + at, LITTLE_ENDIAN);
        }
        double sum = 0;
        for (int column = 0; column < width; column++) {
            sum += room.get(FLOAT, (long) column * Float.BYTES);
        }
        return sum;
    }

    private long offset(int row, int column) {
        return ((long) row * width + column) * Float.BYTES;
    }
}
