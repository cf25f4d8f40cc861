package io.gradstream.autodiff.op;

/**
 * The random words of one operation: a function of seed, stream, count and place alone, the same bits on every device.
 *
 * <p>Words come in groups of 64, which are 16 {@link Philox} blocks of four: word j of block l of a group stands at 16·j + l, so that
 * vectors of 4, 8 or 16 blocks write neighbours. A block's counter is (block, count, stream).
 */
public record Draws(long seed, int stream) {
    /** How many words a group has. */
    public static final int GROUP = 64;

    /** How many blocks a group has. */
    public static final int BLOCKS = 16;

    /** Writes the words of one group. */
    public void fill(long count, int group, int[] words) {
        for (int block = 0; block < BLOCKS; block++) {
            Philox.block(group * BLOCKS + block, (int) count, (int) (count >>> 32), stream, seed, words, block, BLOCKS);
        }
    }

    /** The count that a counter stands for: the nearest integer. */
    public static long count(double counter) {
        return Math.round(counter);
    }
}
