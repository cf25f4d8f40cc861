package io.gradstream.autodiff.device.cpu;

/**
 * Elementary functions in single precision, one value at a time: the truth that {@link VectorMath} repeats lane by lane, bit for bit.
 *
 * <p>The polynomials are those of Moshier's Cephes library. Every function is within 3e-7 relative of the exact value, over the whole
 * range of its argument, except where the result is subnormal.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients are written as they were published
final class FloatMath {
    static final float LOG2_E = 1.44269504088896341f;
    static final float LN2_HIGH = 0.693359375f;
    static final float LN2_LOW = -2.12194440e-4f;

    /** Adding this rounds a small float to an integer, which then stands in the low bits of its mantissa. */
    static final float ROUNDER = 12582912f;

    static final int ROUNDER_BITS = 0x4B400000;
    static final float EXP_LOWEST = -104f;
    static final float EXP_HIGHEST = 89f;
    static final float[] EXP = {
        1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f
    };
    static final float[] LOG = {
        7.0376836292e-2f,
        -1.1514610310e-1f,
        1.1676998740e-1f,
        -1.2420140846e-1f,
        1.4249322787e-1f,
        -1.6668057665e-1f,
        2.0000714765e-1f,
        -2.4999993993e-1f,
        3.3333331174e-1f
    };
    static final float[] TANH = {
        -5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f, 1.33314422036e-1f, -3.33332819422e-1f
    };
    static final float TANH_SMALL = 0.625f;
    static final float SMALLEST_NORMAL = Float.MIN_NORMAL;
    static final float SUBNORMAL_SCALE = 0x1p23f;

    /** The bits of √½: mantissas are taken from [√½, √2), so that the logarithm of 1 has exponent 0. */
    static final int SQRT_HALF_BITS = 0x3F3504F3;

    private FloatMath() {}

    static float exp(float x) {
        float clamped = Math.min(Math.max(x, EXP_LOWEST), EXP_HIGHEST);
        float rounded = Math.fma(clamped, LOG2_E, ROUNDER);
        float n = rounded - ROUNDER;
        int exponent = Float.floatToRawIntBits(rounded) - ROUNDER_BITS;
        float r = Math.fma(-n, LN2_LOW, Math.fma(-n, LN2_HIGH, clamped));
        float p = polynomial(EXP, r);
        float y = Math.fma(p, r * r, r) + 1f;
        int half = exponent >> 1;
        return y * powerOfTwo(half) * powerOfTwo(exponent - half);
    }

    static float log(float x) {
        boolean subnormal = x < SMALLEST_NORMAL;
        float scaled = subnormal ? x * SUBNORMAL_SCALE : x;
        int bits = Float.floatToRawIntBits(scaled) - SQRT_HALF_BITS;
        float exponent = (float) (bits >> 23) - (subnormal ? 23f : 0f);
        float f = Float.intBitsToFloat((bits & 0x7FFFFF) + SQRT_HALF_BITS) - 1f;
        float z = f * f;
        float y = f * z * polynomial(LOG, f);
        y = Math.fma(exponent, LN2_LOW, y);
        y = Math.fma(-0.5f, z, y);
        float result = Math.fma(exponent, LN2_HIGH, f + y);
        if (x == 0f) {
            return Float.NEGATIVE_INFINITY;
        }
        return x > 0f ? (x == Float.POSITIVE_INFINITY ? x : result) : Float.NaN;
    }

    /** ln(1 + x) for x in [0, 1], by Higham's correction of the rounded sum. */
    static float log1pOfUnit(float x) {
        float sum = 1f + x;
        return log(sum) + (x - (sum - 1f)) / sum;
    }

    static float tanh(float x) {
        float magnitude = Math.abs(x);
        float z = x * x;
        float small = Math.fma(polynomial(TANH, z) * z, x, x);
        float large = Math.copySign(1f - 2f / (exp(magnitude + magnitude) + 1f), x);
        return magnitude < TANH_SMALL ? small : large;
    }

    static float sigmoid(float x) {
        float e = exp(-Math.abs(x));
        return (x >= 0f ? 1f : e) / (1f + e);
    }

    /** ln(1 + eˣ). */
    static float softplus(float x) {
        return Math.max(x, 0f) + log1pOfUnit(exp(-Math.abs(x)));
    }

    private static float polynomial(float[] coefficients, float x) {
        float y = coefficients[0];
        for (int i = 1; i < coefficients.length; i++) {
            y = Math.fma(y, x, coefficients[i]);
        }
        return y;
    }

    private static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat((exponent + 127) << 23);
    }
}
