package io.gradstream.autodiff.op;

/**
 * A code of 8 bits for numbers of very different magnitudes, each relative to the largest of its block: a small floating-point number
 * whose exponents begin so low that the smallest of them can be taken away to make zero. With s steps to an octave and 2⁻¹⁴ = lowest:
 *
 * <pre>
 * magnitude(k) = 2^(⌊k/s⌋ - 14)·(1 + (k mod s)/s) - 2⁻¹⁴        magnitude(0) = 0
 * </pre>
 *
 * <p>In bits: a magnitude plus 2⁻¹⁴, as an F32, cut off behind the step, minus the code of 2⁻¹⁴. {@link #SIGNED} spends the top bit on
 * the sign, {@link #UNSIGNED} has twice as many steps.
 *
 * <p>Rounding is random, so that the code is right on average: a moment changes by a thousandth in a step, which is far less than a step of
 * the code, and rounding to the nearest would keep it where it is for ever. The random bits are those of {@link #random}: the same
 * on every device and in every replay.
 */
public enum DynamicCode {
    SIGNED(3, 127),
    UNSIGNED(4, 255);

    /** What is added before rounding and taken away after it. */
    public static final float LOWEST = 0x1p-14f;

    private final int shift;
    private final int offset;
    private final int last;
    private final float largest;

    DynamicCode(int stepBits, int last) {
        shift = 23 - stepBits;
        offset = Float.floatToRawIntBits(LOWEST) >>> shift;
        this.last = last;
        largest = magnitude(last);
    }

    /** By how many bits an F32 is shifted to become a code. */
    public int shift() {
        return shift;
    }

    /** The code of {@link #LOWEST} before it is taken away. */
    public int offset() {
        return offset;
    }

    /** The largest magnitude's code. */
    public int last() {
        return last;
    }

    /** The largest magnitude. */
    public float largest() {
        return largest;
    }

    private float magnitude(int code) {
        return Float.intBitsToFloat((code + offset) << shift) - LOWEST;
    }

    /** The number of a code. */
    public double decode(int code) {
        return code > last ? -magnitude(code - last - 1) : magnitude(code);
    }

    /** The code of a number, rounded up if the bits it cuts off and 16 random bits make a whole step. */
    public int encode(double value, int random) {
        int bits = Float.floatToRawIntBits((float) Math.abs(value) + LOWEST) + (random << (shift - 16));
        int code = Math.min((bits >>> shift) - offset, last);
        if (this == UNSIGNED) {
            return value > 0 ? Math.max(code, 1) : code;
        }
        return value < 0 && code > 0 ? code + last + 1 : code;
    }

    /** 32 random bits of an element in a step, as the finalizer of MurmurHash3 mixes them. */
    public static int random(int index, int step) {
        int bits = index * 0x9E3779B9 + step * 0x85EBCA77;
        bits = (bits ^ bits >>> 16) * 0x85EBCA6B;
        bits = (bits ^ bits >>> 13) * 0xC2B2AE35;
        return bits ^ bits >>> 16;
    }
}
