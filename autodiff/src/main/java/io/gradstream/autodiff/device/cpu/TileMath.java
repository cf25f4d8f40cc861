package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static io.gradstream.autodiff.device.cpu.VectorMath.splat;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import jdk.incubator.vector.FloatVector;

/** Passes over rows of attention's tiles. Rows of scores are whole vectors; other rows may be of any length. */
final class TileMath {
    private static final int LANES = FLOATS.length();
    private static final Exponentials EXPONENTIALS = new Exponentials();

    private TileMath() {}

    /** x becomes e^(scale·x - shift) for a whole row, and 0 behind what is visible; gives the sum. */
    static double exponentials(long row, int count, int visible, float scale, float shift, float[] lanes) {
        EXPONENTIALS.run(row, count, scale, shift);
        for (int i = visible; i < count; i++) {
            MEMORY.set(FLOAT, row + (long) i * Float.BYTES, 0);
        }
        return VectorSums.row(row, count, lanes);
    }

    /** x becomes x·factor. */
    static void scale(long row, int count, float factor) {
        for (int i = 0; i < count; i += LANES) {
            long at = row + (long) i * Float.BYTES;
            load(at).mul(factor).intoMemorySegment(MEMORY, at, LITTLE_ENDIAN);
        }
    }

    /** Σ a·b. */
    static double product(long a, long b, int count, float[] lanes) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < count; i += LANES) {
            sum = load(a + (long) i * Float.BYTES).fma(load(b + (long) i * Float.BYTES), sum);
        }
        sum.intoArray(lanes, 0);
        return Lanes.sum(lanes);
    }

    /** w becomes p·(w - mean)·scale. */
    static void slopes(long p, long w, int count, float mean, float scale) {
        for (int i = 0; i < count; i += LANES) {
            long at = (long) i * Float.BYTES;
            load(w + at).sub(splat(mean)).mul(scale).mul(load(p + at)).intoMemorySegment(MEMORY, w + at, LITTLE_ENDIAN);
        }
    }

    /** to becomes to·factor + from, for a row of any length. */
    static void scaleAndAdd(long to, float factor, long from, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = (long) i * Float.BYTES;
            load(to + at).fma(splat(factor), load(from + at)).intoMemorySegment(MEMORY, to + at, LITTLE_ENDIAN);
        }
        for (; i < count; i++) {
            long at = (long) i * Float.BYTES;
            MEMORY.set(FLOAT, to + at, Math.fma(MEMORY.get(FLOAT, to + at), factor, MEMORY.get(FLOAT, from + at)));
        }
    }

    /** to becomes from·factor, for a row of any length. */
    static void scaleInto(long from, float factor, long to, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = (long) i * Float.BYTES;
            load(from + at).mul(factor).intoMemorySegment(MEMORY, to + at, LITTLE_ENDIAN);
        }
        for (; i < count; i++) {
            long at = (long) i * Float.BYTES;
            MEMORY.set(FLOAT, to + at, MEMORY.get(FLOAT, from + at) * factor);
        }
    }

    private static FloatVector load(long at) {
        return FloatVector.fromMemorySegment(FLOATS, MEMORY, at, LITTLE_ENDIAN);
    }
}
