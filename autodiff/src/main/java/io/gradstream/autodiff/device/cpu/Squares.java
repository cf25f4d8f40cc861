package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of squares of F32 arrays in double, always in the same order: element i goes to chain i mod 4·lanes, and the chains are added one
 * after the other. (The Vector API's own reduction leaves the order open.)
 */
final class Squares {
    private static final VectorSpecies<Double> DOUBLES =
            VectorSpecies.of(double.class, VectorMath.FLOATS.vectorShape());
    private static final VectorSpecies<Float> HALF_FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(VectorMath.FLOATS.vectorBitSize() / 2));
    private static final int LANES = DOUBLES.length();

    private final double[] lanes = new double[LANES];

    /** Norms of folds that are runs of neighbouring elements. */
    static PreparedCall norms(Folds folds, Operand in, Operand out) {
        Squares squares = new Squares();
        return () -> {
            for (int to = 0; to < folds.count(); to++) {
                long from = (long) folds.bases()[to] * Float.BYTES;
                out.set(to, Math.sqrt(squares.sum(in.data(), from, folds.length())));
            }
        };
    }

    double sum(MemorySegment block, long from, int count) {
        return sum(block.address() + from, count);
    }

    double sum(long from, int count) {
        DoubleVector sum0 = DoubleVector.zero(DOUBLES);
        DoubleVector sum1 = sum0;
        DoubleVector sum2 = sum0;
        DoubleVector sum3 = sum0;
        int i = 0;
        for (; i <= count - 4 * LANES; i += 4 * LANES) {
            long at = from + (long) i * Float.BYTES;
            DoubleVector x0 = (DoubleVector) fromMemorySegment(HALF_FLOATS, MEMORY, at, LITTLE_ENDIAN)
                    .convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector x1 = (DoubleVector)
                    fromMemorySegment(HALF_FLOATS, MEMORY, at + (long) LANES * Float.BYTES, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector x2 =
                    (DoubleVector) fromMemorySegment(HALF_FLOATS, MEMORY, at + 2L * LANES * Float.BYTES, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector x3 =
                    (DoubleVector) fromMemorySegment(HALF_FLOATS, MEMORY, at + 3L * LANES * Float.BYTES, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.F2D, DOUBLES, 0);
            sum0 = x0.fma(x0, sum0);
            sum1 = x1.fma(x1, sum1);
            sum2 = x2.fma(x2, sum2);
            sum3 = x3.fma(x3, sum3);
        }
        sum0.add(sum1).add(sum2.add(sum3)).intoArray(lanes, 0);
        double sum = 0;
        for (double lane : lanes) {
            sum += lane;
        }
        for (; i < count; i++) {
            double x = MEMORY.get(FLOAT, from + (long) i * Float.BYTES);
            sum += x * x;
        }
        return sum;
    }
}
