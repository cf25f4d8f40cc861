package io.gradstream.autodiff.device.cpu;

import static jdk.incubator.vector.LongVector.fromArray;

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

    /** The counters of a group: word j of block l at 16·j + l. */
    private final long[] counters = new long[Draws.GROUP];

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
        begin(count, group);
        long key0 = seed & LOWER;
        long key1 = seed >>> 32;
        for (int round = 0; round < Philox.ROUNDS; round++) {
            for (int block = 0; block < Draws.BLOCKS; block += LANES) {
                mix(block, key0, key1);
            }
            key0 = key0 + (Philox.WEYL_0 & LOWER) & LOWER;
            key1 = key1 + (Philox.WEYL_1 & LOWER) & LOWER;
        }
        for (int at = 0; at < Draws.GROUP; at += LANES) {
            ((IntVector) fromArray(LONGS, counters, at).convertShape(VectorOperators.L2I, INTS, 0))
                    .intoArray(words, at);
        }
    }

    private void begin(long count, int group) {
        for (int block = 0; block < Draws.BLOCKS; block++) {
            counters[block] = group * Draws.BLOCKS + block & LOWER;
            counters[Draws.BLOCKS + block] = count & LOWER;
            counters[2 * Draws.BLOCKS + block] = count >>> 32;
            counters[3 * Draws.BLOCKS + block] = stream;
        }
    }

    /** One round on some blocks. Counters go over memory: vectors that swap places from round to round would be put on the heap. */
    private void mix(int block, long key0, long key1) {
        LongVector product0 = fromArray(LONGS, counters, block).mul(MULTIPLIER_0);
        LongVector product1 =
                fromArray(LONGS, counters, block + 2 * Draws.BLOCKS).mul(MULTIPLIER_1);
        product1.lanewise(VectorOperators.LSHR, 32)
                .lanewise(VectorOperators.XOR, fromArray(LONGS, counters, block + Draws.BLOCKS))
                .lanewise(VectorOperators.XOR, key0)
                .intoArray(counters, block);
        product0.lanewise(VectorOperators.LSHR, 32)
                .lanewise(VectorOperators.XOR, fromArray(LONGS, counters, block + 3 * Draws.BLOCKS))
                .lanewise(VectorOperators.XOR, key1)
                .intoArray(counters, block + 2 * Draws.BLOCKS);
        product1.and(LOWER).intoArray(counters, block + Draws.BLOCKS);
        product0.and(LOWER).intoArray(counters, block + 3 * Draws.BLOCKS);
    }
}
