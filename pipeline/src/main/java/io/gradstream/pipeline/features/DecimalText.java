package io.gradstream.pipeline.features;

/** The decimal text of one integer at a time, in bytes that are used again. */
final class DecimalText {
    private static final int LONGEST = 20;

    private final byte[] bytes = new byte[LONGEST];
    private int from = LONGEST;

    /** Writes a number; {@code signed} tells whether the highest bit is a sign. */
    void write(long number, boolean signed) {
        boolean negative = signed && number < 0;
        from = LONGEST;
        long rest = number;
        do {
            long quotient = signed ? rest / 10 : Long.divideUnsigned(rest, 10);
            bytes[--from] = (byte) ('0' + Math.abs(rest - quotient * 10));
            rest = quotient;
        } while (rest != 0);
        if (negative) {
            bytes[--from] = '-';
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return LONGEST;
    }
}
