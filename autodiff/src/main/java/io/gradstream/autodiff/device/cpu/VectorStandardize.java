package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static io.gradstream.autodiff.device.cpu.VectorMath.splat;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import jdk.incubator.vector.FloatVector;

/** Standardized rows of F32 and what belongs to them: the mean is subtracted before anything is squared. */
final class VectorStandardize {
    private static final int LANES = FLOATS.length();

    private final boolean centered;
    private final double epsilon;
    private final int rows;
    private final int width;
    private final float[] lanes = new float[LANES];

    private VectorStandardize(boolean centered, double epsilon, Operand in) {
        this.centered = centered;
        this.epsilon = epsilon;
        width = in.shape().dim(-1);
        rows = in.size() / Math.max(1, width);
    }

    static PreparedCall standardize(boolean centered, double epsilon, Operand in, Operand out) {
        VectorStandardize kernel = new VectorStandardize(centered, epsilon, in);
        return () -> kernel.standardize(in.data().address(), out.data().address());
    }

    static PreparedCall inverseDeviation(boolean centered, double epsilon, Operand in, Operand out) {
        VectorStandardize kernel = new VectorStandardize(centered, epsilon, in);
        return () -> kernel.inverseDeviation(in.data().address(), out.data().address());
    }

    static PreparedCall deflate(boolean centered, Operand y, Operand v, Operand out) {
        VectorStandardize kernel = new VectorStandardize(centered, 0, y);
        return () -> kernel.deflate(
                y.data().address(), v.data().address(), out.data().address());
    }

    private void standardize(long in, long out) {
        for (int row = 0; row < rows; row++) {
            long at = (long) row * width * Float.BYTES;
            float mean = mean(in + at);
            shiftAndScale(in + at, mean, scale(in + at, mean), out + at);
        }
    }

    private void inverseDeviation(long in, long out) {
        for (int row = 0; row < rows; row++) {
            long from = in + (long) row * width * Float.BYTES;
            MEMORY.set(FLOAT, out + (long) row * Float.BYTES, scale(from, mean(from)));
        }
    }

    private void deflate(long y, long v, long out) {
        for (int row = 0; row < rows; row++) {
            long at = (long) row * width * Float.BYTES;
            float along = product(y + at, v + at) / width;
            subtract(v + at, mean(v + at), y + at, along, out + at);
        }
    }

    private float mean(long from) {
        return centered ? VectorSums.row(from, width, lanes) / width : 0;
    }

    private float scale(long from, float mean) {
        return (float) (1 / Math.sqrt(squares(from, mean) / width + epsilon));
    }

    /** Σ (x - mean)², in chains of every fourth vector. */
    private double squares(long from, float mean) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        int i = 0;
        for (; i <= width - 4 * LANES; i += 4 * LANES) {
            FloatVector x0 = load(from, i).sub(splat(mean));
            FloatVector x1 = load(from, i + LANES).sub(splat(mean));
            FloatVector x2 = load(from, i + 2 * LANES).sub(splat(mean));
            FloatVector x3 = load(from, i + 3 * LANES).sub(splat(mean));
            sum0 = x0.fma(x0, sum0);
            sum1 = x1.fma(x1, sum1);
            sum2 = x2.fma(x2, sum2);
            sum3 = x3.fma(x3, sum3);
        }
        double sum = addUp(sum0.add(sum1).add(sum2.add(sum3)));
        for (; i < width; i++) {
            float x = element(from, i) - mean;
            sum += (double) x * x;
        }
        return sum;
    }

    private float product(long a, long b) {
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        int i = 0;
        for (; i <= width - 4 * LANES; i += 4 * LANES) {
            sum0 = load(a, i).fma(load(b, i), sum0);
            sum1 = load(a, i + LANES).fma(load(b, i + LANES), sum1);
            sum2 = load(a, i + 2 * LANES).fma(load(b, i + 2 * LANES), sum2);
            sum3 = load(a, i + 3 * LANES).fma(load(b, i + 3 * LANES), sum3);
        }
        double sum = addUp(sum0.add(sum1).add(sum2.add(sum3)));
        for (; i < width; i++) {
            sum += (double) element(a, i) * element(b, i);
        }
        return (float) sum;
    }

    private double addUp(FloatVector sums) {
        sums.intoArray(lanes, 0);
        return Lanes.sum(lanes);
    }

    private void shiftAndScale(long in, float mean, float scale, long out) {
        int i = 0;
        for (; i <= width - LANES; i += LANES) {
            load(in, i)
                    .sub(splat(mean))
                    .mul(scale)
                    .intoMemorySegment(MEMORY, out + (long) i * Float.BYTES, LITTLE_ENDIAN);
        }
        for (; i < width; i++) {
            MEMORY.set(FLOAT, out + (long) i * Float.BYTES, (element(in, i) - mean) * scale);
        }
    }

    private void subtract(long v, float mean, long y, float along, long out) {
        int i = 0;
        for (; i <= width - LANES; i += LANES) {
            load(y, i)
                    .fma(splat(-along), load(v, i).sub(splat(mean)))
                    .intoMemorySegment(MEMORY, out + (long) i * Float.BYTES, LITTLE_ENDIAN);
        }
        for (; i < width; i++) {
            MEMORY.set(FLOAT, out + (long) i * Float.BYTES, Math.fma(element(y, i), -along, element(v, i) - mean));
        }
    }

    private static FloatVector load(long from, int index) {
        return FloatVector.fromMemorySegment(FLOATS, MEMORY, from + (long) index * Float.BYTES, LITTLE_ENDIAN);
    }

    private static float element(long from, int index) {
        return MEMORY.get(FLOAT, from + (long) index * Float.BYTES);
    }
}
