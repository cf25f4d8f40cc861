package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.Draws;
import io.gradstream.autodiff.op.Philox;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link Draws} with one Philox block in every lane: words are the lower halves of longs, whose products then are whole. */
final class VectorPhilox implements WordSource {
    private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, VectorMath.FLOATS.vectorShape());
    private static final VectorSpecies<Integer> INTS =
            VectorSpecies.of(int.class, VectorShape.forBitSize(LONGS.vectorBitSize() / 2));
    private static final int LANES = LONGS.length();
    private static final long LOWER = 0xFFFFFFFFL;
    private static final long MULTIPLIER_0 = Philox.MULTIPLIER_0 & LOWER;
    private static final long MULTIPLIER_1 = Philox.MULTIPLIER_1 & LOWER;

    private final long seed;
    private final long stream;

    VectorPhilox(Draws draws) {
        seed = draws.seed();
        stream = draws.stream() & LOWER;
    }

    /** Whether halves of this machine's vectors are vectors too, and a group is a whole number of them. */
    static boolean isAvailable() {
        return LONGS.vectorBitSize() >= 128 && LANES <= Draws.BLOCKS;
    }

    @Override
    public void fill(long count, int group, int[] words) {
        for (int block = 0; block < Draws.BLOCKS; block += LANES) {
            blocks(group * Draws.BLOCKS + block, count, words, block);
        }
    }

    private void blocks(int first, long count, int[] words, int at) {
        LongVector c0 = LongVector.zero(LONGS).addIndex(1).add(first & LOWER);
        LongVector c1 = LongVector.broadcast(LONGS, count & LOWER);
        LongVector c2 = LongVector.broadcast(LONGS, count >>> 32);
        LongVector c3 = LongVector.broadcast(LONGS, stream);
        long key0 = seed & LOWER;
        long key1 = seed >>> 32;
        for (int round = 0; round < Philox.ROUNDS; round++) {
            LongVector product0 = c0.mul(MULTIPLIER_0);
            LongVector product1 = c2.mul(MULTIPLIER_1);
            c0 = upper(product1).lanewise(VectorOperators.XOR, c1).lanewise(VectorOperators.XOR, key0);
            c2 = upper(product0).lanewise(VectorOperators.XOR, c3).lanewise(VectorOperators.XOR, key1);
            c1 = product1.and(LOWER);
            c3 = product0.and(LOWER);
            key0 = key0 + (Philox.WEYL_0 & LOWER) & LOWER;
            key1 = key1 + (Philox.WEYL_1 & LOWER) & LOWER;
        }
        store(c0, words, at);
        store(c1, words, at + Draws.BLOCKS);
        store(c2, words, at + 2 * Draws.BLOCKS);
        store(c3, words, at + 3 * Draws.BLOCKS);
    }

    private static LongVector upper(LongVector product) {
        return product.lanewise(VectorOperators.LSHR, 32);
    }

    private static void store(LongVector lower, int[] words, int at) {
        ((IntVector) lower.convertShape(VectorOperators.L2I, INTS, 0)).intoArray(words, at);
    }
}
