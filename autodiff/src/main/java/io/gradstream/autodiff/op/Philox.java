package io.gradstream.autodiff.op;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * A counter-based random generator: Philox 4×32 with ten rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
 *
 * <p>A number is a function of seed, stream and index alone. Nothing is drawn in sequence, so that neither the order of initialization
 * nor the number of devices can change a value.
 */
public record Philox(long seed, long stream) {
    public static final int MULTIPLIER_0 = 0xD2511F53;
    public static final int MULTIPLIER_1 = 0xCD9E8D57;
    public static final int WEYL_0 = 0x9E3779B9;
    public static final int WEYL_1 = 0xBB67AE85;
    public static final int ROUNDS = 10;
    private static final int LANES = 4;

    /** The stream of a named thing, for instance a parameter. */
    public static Philox named(long seed, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        return new Philox(seed, checksum.getValue() << 32 | bytes.length);
    }

    /** 32 random bits. */
    public int bits(long index) {
        return word(index >>> 2, (int) (index & 3));
    }

    /** A value in [0, 1). */
    public float uniform(long index) {
        return uniformOf(bits(index));
    }

    /** A value of the standard normal distribution, by the Box–Muller transform of two uniform ones. */
    public float normal(long index) {
        return normalOf(bits(2 * index), bits(2 * index + 1));
    }

    /** A value in [0, 1) from 32 random bits. */
    public static float uniformOf(int bits) {
        return (bits >>> 8) * 0x1p-24f;
    }

    /** A value of the standard normal distribution from twice 32 random bits. */
    public static float normalOf(int first, int second) {
        double radius = Math.sqrt(-2 * StrictMath.log(((first >>> 8) + 1) * 0x1p-24));
        double angle = 2 * Math.PI * (second >>> 8) * 0x1p-24;
        return (float) (radius * StrictMath.cos(angle));
    }

    private int word(long block, int lane) {
        int[] words = new int[LANES];
        block((int) block, (int) (block >>> 32), (int) stream, (int) (stream >>> 32), seed, words, 0, 1);
        return words[lane];
    }

    /** The ten rounds on a counter of four words with a key of two; the four words of the result are written a step apart. */
    static void block(int c0, int c1, int c2, int c3, long key, int[] to, int at, int step) {
        int key0 = (int) key;
        int key1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
            long product1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            c0 = (int) (product1 >>> 32) ^ c1 ^ key0;
            c2 = (int) (product0 >>> 32) ^ c3 ^ key1;
            c1 = (int) product1;
            c3 = (int) product0;
            key0 += WEYL_0;
            key1 += WEYL_1;
        }
        to[at] = c0;
        to[at + step] = c1;
        to[at + 2 * step] = c2;
        to[at + 3 * step] = c3;
    }
}
