package io.gradstream.autodiff.device.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The functions of {@link FloatMath} on vectors: the same operations in the same order in every lane. */
final class VectorMath {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    private VectorMath() {}

    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.max(FloatMath.EXP_LOWEST).min(FloatMath.EXP_HIGHEST);
        FloatVector rounded = clamped.fma(splat(FloatMath.LOG2_E), splat(FloatMath.ROUNDER));
        FloatVector n = rounded.sub(FloatMath.ROUNDER).neg();
        IntVector exponent = rounded.reinterpretAsInts().sub(FloatMath.ROUNDER_BITS);
        FloatVector r = n.fma(splat(FloatMath.LN2_LOW), n.fma(splat(FloatMath.LN2_HIGH), clamped));
        FloatVector p = splat(FloatMath.EXP[0])
                .fma(r, splat(FloatMath.EXP[1]))
                .fma(r, splat(FloatMath.EXP[2]))
                .fma(r, splat(FloatMath.EXP[3]))
                .fma(r, splat(FloatMath.EXP[4]))
                .fma(r, splat(FloatMath.EXP[5]));
        FloatVector y = p.fma(r.mul(r), r).add(1f);
        IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        return y.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
    }

    static FloatVector log(FloatVector x) {
        VectorMask<Float> subnormal = x.compare(VectorOperators.LT, FloatMath.SMALLEST_NORMAL);
        FloatVector scaled = x.blend(x.mul(FloatMath.SUBNORMAL_SCALE), subnormal);
        IntVector bits = scaled.reinterpretAsInts().sub(FloatMath.SQRT_HALF_BITS);
        FloatVector exponent =
                (FloatVector) bits.lanewise(VectorOperators.ASHR, 23).convertShape(VectorOperators.I2F, FLOATS, 0);
        exponent = exponent.sub(splat(0f).blend(23f, subnormal));
        FloatVector f = bits.and(0x7FFFFF)
                .add(FloatMath.SQRT_HALF_BITS)
                .reinterpretAsFloats()
                .sub(1f);
        FloatVector z = f.mul(f);
        FloatVector p = splat(FloatMath.LOG[0])
                .fma(f, splat(FloatMath.LOG[1]))
                .fma(f, splat(FloatMath.LOG[2]))
                .fma(f, splat(FloatMath.LOG[3]))
                .fma(f, splat(FloatMath.LOG[4]))
                .fma(f, splat(FloatMath.LOG[5]))
                .fma(f, splat(FloatMath.LOG[6]))
                .fma(f, splat(FloatMath.LOG[7]))
                .fma(f, splat(FloatMath.LOG[8]));
        FloatVector y = f.mul(z).mul(p);
        y = exponent.fma(splat(FloatMath.LN2_LOW), y);
        y = z.fma(splat(-0.5f), y);
        FloatVector result = exponent.fma(splat(FloatMath.LN2_HIGH), f.add(y));
        return result.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY))
                .blend(Float.NaN, x.compare(VectorOperators.LT, 0f))
                .blend(Float.NaN, x.test(VectorOperators.IS_NAN))
                .blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
    }

    static FloatVector log1pOfUnit(FloatVector x) {
        FloatVector sum = x.add(1f);
        return log(sum).add(x.sub(sum.sub(1f)).div(sum));
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector z = x.mul(x);
        FloatVector p = splat(FloatMath.TANH[0])
                .fma(z, splat(FloatMath.TANH[1]))
                .fma(z, splat(FloatMath.TANH[2]))
                .fma(z, splat(FloatMath.TANH[3]))
                .fma(z, splat(FloatMath.TANH[4]));
        FloatVector small = p.mul(z).fma(x, x);
        FloatVector large =
                splat(1f).sub(splat(2f).div(exp(magnitude.add(magnitude)).add(1f)));
        return copySign(large, x).blend(small, magnitude.compare(VectorOperators.LT, FloatMath.TANH_SMALL));
    }

    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        return e.blend(1f, x.compare(VectorOperators.GE, 0f)).div(e.add(1f));
    }

    static FloatVector softplus(FloatVector x) {
        return x.max(0f).add(log1pOfUnit(exp(x.abs().neg())));
    }

    static FloatVector copySign(FloatVector magnitude, FloatVector sign) {
        return sign.reinterpretAsInts()
                .and(Integer.MIN_VALUE)
                .or(magnitude.reinterpretAsInts().and(Integer.MAX_VALUE))
                .reinterpretAsFloats();
    }

    private static FloatVector splat(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    private static FloatVector powerOfTwo(IntVector exponent) {
        return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }
}
