package io.gradstream.autodiff.device.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementary functions on vectors of single precision, within 5e-7 relative of the exact value wherever that is not subnormal.
 *
 * <p>The polynomials of exp, log and tanh are those of Moshier's Cephes library, that of erf is Abramowitz and Stegun 7.1.26. The results
 * of a lane depend on the argument in that lane alone, never on the width of the vector or the place of the element.
 *
 * <p>A function holds at most one exponential or one logarithm. The compiler does not inline what is larger, and then every vector that
 * is passed is an object on the heap; what needs more goes over memory in several passes.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients are written as they were published
final class VectorMath {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

    private static final float LOG2_E = 1.44269504088896341f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;

    /** Adding this rounds a small float to an integer, which then stands in the low bits of its mantissa. */
    private static final float ROUNDER = 12582912f;

    private static final int ONE_BITS = 0x3F800000;

    /** Below this eˣ is 0 in single precision, and above the other it is infinite. */
    private static final float EXP_LOWEST = -104f;

    private static final float EXP_HIGHEST = 89f;
    private static final float HALF_LN2 = 0.34657359f;
    private static final float TANH_SMALL = 0.625f;
    private static final float ERF_SMALL = 0.5f;
    /** From here on every float is an integer. */
    private static final float INTEGERS_FROM = 0x1p23f;

    private static final float SUBNORMAL_SCALE = 0x1p23f;

    /** The bits of √½: mantissas are taken from [√½, √2), so that the logarithm of 1 has exponent 0. */
    private static final int SQRT_HALF_BITS = 0x3F3504F3;

    private VectorMath() {}

    static FloatVector splat(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    /** eˣ = 2ⁿ·eʳ with n = h + (n − h): two factors, because 2ⁿ alone may not be a normal number where eˣ still is one. */
    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.max(EXP_LOWEST).min(EXP_HIGHEST);
        FloatVector n = clamped.fma(splat(LOG2_E), splat(ROUNDER)).sub(ROUNDER);
        FloatVector minus = n.neg();
        FloatVector r = minus.fma(splat(LN2_LOW), minus.fma(splat(LN2_HIGH), clamped));
        FloatVector half = n.fma(splat(0.5f), splat(ROUNDER));
        FloatVector rest = n.sub(half.sub(ROUNDER)).add(ROUNDER);
        return smallExpm1(r).add(1f).mul(powerOfTwo(half)).mul(powerOfTwo(rest));
    }

    /** eˣ − 1, given eˣ. */
    static FloatVector expm1(FloatVector x, FloatVector exp) {
        return exp.sub(1f).blend(smallExpm1(x), x.abs().compare(VectorOperators.LE, HALF_LN2));
    }

    private static FloatVector smallExpm1(FloatVector r) {
        FloatVector p = splat(1.9875691500e-4f)
                .fma(r, splat(1.3981999507e-3f))
                .fma(r, splat(8.3334519073e-3f))
                .fma(r, splat(4.1665795894e-2f))
                .fma(r, splat(1.6666665459e-1f))
                .fma(r, splat(5.0000001201e-1f));
        return p.fma(r.mul(r), r);
    }

    /** ln x for finite x above 0. */
    static FloatVector logOfPositive(FloatVector x) {
        VectorMask<Float> subnormal = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        return logOfNormal(x.blend(x.mul(SUBNORMAL_SCALE), subnormal), splat(0f).blend(-23f, subnormal));
    }

    /** ln x for every x, given what {@link #logOfPositive} makes of it. */
    static FloatVector log(FloatVector x, FloatVector ofPositive) {
        return ofPositive
                .blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY))
                .blend(Float.NaN, x.compare(VectorOperators.LT, 0f))
                .blend(Float.NaN, x.test(VectorOperators.IS_NAN))
                .blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
    }

    private static FloatVector logOfNormal(FloatVector x, FloatVector exponentOffset) {
        IntVector bits = x.reinterpretAsInts().sub(SQRT_HALF_BITS);
        FloatVector exponent = ((FloatVector)
                        bits.lanewise(VectorOperators.ASHR, 23).convertShape(VectorOperators.I2F, FLOATS, 0))
                .add(exponentOffset);
        FloatVector f =
                bits.and(0x7FFFFF).add(SQRT_HALF_BITS).reinterpretAsFloats().sub(1f);
        FloatVector z = f.mul(f);
        FloatVector p = splat(7.0376836292e-2f)
                .fma(f, splat(-1.1514610310e-1f))
                .fma(f, splat(1.1676998740e-1f))
                .fma(f, splat(-1.2420140846e-1f))
                .fma(f, splat(1.4249322787e-1f))
                .fma(f, splat(-1.6668057665e-1f))
                .fma(f, splat(2.0000714765e-1f))
                .fma(f, splat(-2.4999993993e-1f))
                .fma(f, splat(3.3333331174e-1f));
        FloatVector y = exponent.fma(splat(LN2_LOW), f.mul(z).mul(p));
        return exponent.fma(splat(LN2_HIGH), z.fma(splat(-0.5f), y).add(f));
    }

    /** ln(1 + x) for every x, given what {@link #log1pOfNormal} makes of it. */
    static FloatVector log1p(FloatVector x, FloatVector ofNormal) {
        return log(x.add(1f), ofNormal);
    }

    static FloatVector expOfTwiceAbs(FloatVector x) {
        FloatVector magnitude = x.abs();
        return exp(magnitude.add(magnitude));
    }

    /** tanh x, given e^|2x|. */
    static FloatVector tanh(FloatVector x, FloatVector exp) {
        FloatVector z = x.mul(x);
        FloatVector p = splat(-5.70498872745e-3f)
                .fma(z, splat(2.06390887954e-2f))
                .fma(z, splat(-5.37397155531e-2f))
                .fma(z, splat(1.33314422036e-1f))
                .fma(z, splat(-3.33332819422e-1f));
        FloatVector small = p.mul(z).fma(x, x);
        FloatVector large = splat(1f).sub(splat(2f).div(exp.add(1f)));
        return copySign(large, x).blend(small, x.abs().compare(VectorOperators.LT, TANH_SMALL));
    }

    /** 1 / (1 + e⁻ˣ), given e^−|x|. */
    static FloatVector sigmoid(FloatVector x, FloatVector exp) {
        return exp.blend(1f, x.compare(VectorOperators.GE, 0f)).div(exp.add(1f));
    }

    static FloatVector expOfMinusAbs(FloatVector x) {
        return exp(x.abs().neg());
    }

    /** ln(1 + x) for finite x above −1, with the rounding of the sum corrected to first order. */
    static FloatVector log1pOfNormal(FloatVector x) {
        FloatVector sum = x.add(1f);
        return logOfNormal(sum, splat(0f)).add(x.sub(sum.sub(1f)).div(sum));
    }

    static FloatVector expOfMinusSquare(FloatVector x) {
        return exp(x.mul(x).neg());
    }

    /** erf x, given e^−x². */
    static FloatVector erf(FloatVector x, FloatVector exp) {
        FloatVector magnitude = x.abs();
        FloatVector z = x.mul(x);
        FloatVector series = splat(-1f / 1320)
                .fma(z, splat(1f / 216))
                .fma(z, splat(-1f / 42))
                .fma(z, splat(1f / 10))
                .fma(z, splat(-1f / 3))
                .fma(z, splat(1f))
                .mul(x)
                .mul(1.1283791671f);
        FloatVector t = splat(1f).div(magnitude.fma(splat(0.3275911f), splat(1f)));
        FloatVector p = splat(1.061405429f)
                .fma(t, splat(-1.453152027f))
                .fma(t, splat(1.421413741f))
                .fma(t, splat(-0.284496736f))
                .fma(t, splat(0.254829592f))
                .mul(t);
        FloatVector tail = splat(1f).sub(p.mul(exp));
        return copySign(tail, x).blend(series, magnitude.compare(VectorOperators.LT, ERF_SMALL));
    }

    /** The nearest integer, ties to even: adding 2²³ to a magnitude below it leaves no room for a fraction. */
    static FloatVector round(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector rounded = magnitude.add(INTEGERS_FROM).sub(INTEGERS_FROM);
        return copySign(rounded, x).blend(x, magnitude.compare(VectorOperators.GE, INTEGERS_FROM));
    }

    static FloatVector floor(FloatVector x) {
        FloatVector rounded = round(x);
        return rounded.blend(rounded.sub(1f), rounded.compare(VectorOperators.GT, x));
    }

    static FloatVector sign(FloatVector x) {
        return copySign(splat(1f), x).blend(x, x.compare(VectorOperators.EQ, 0f).or(x.test(VectorOperators.IS_NAN)));
    }

    static FloatVector copySign(FloatVector magnitude, FloatVector sign) {
        return sign.reinterpretAsInts()
                .and(Integer.MIN_VALUE)
                .or(magnitude.reinterpretAsInts().and(Integer.MAX_VALUE))
                .reinterpretAsFloats();
    }

    /** 2 to an integer that was rounded by adding {@link #ROUNDER}: its low bits are the exponent. */
    private static FloatVector powerOfTwo(FloatVector rounded) {
        return rounded.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, 23)
                .add(ONE_BITS)
                .reinterpretAsFloats();
    }
}
