package io.gradstream.gpu.driver;

/** How many blocks of how many threads run a kernel. */
public record Grid(int blocksX, int blocksY, int threadsX, int threadsY) {
    /** The most threads that a block of ours has. */
    public static final int THREADS = 256;

    /** Blocks enough to keep any card busy; each walks on where there is more to do. */
    private static final int MOST_BLOCKS = 2048;

    public Grid {
        if (blocksX < 1 || blocksY < 1 || threadsX < 1 || threadsY < 1 || threadsX * threadsY > THREADS) {
            throw new IllegalArgumentException("a grid must have blocks of at most " + THREADS + " threads: blocks="
                    + blocksX + "x" + blocksY + " threads=" + threadsX + "x" + threadsY);
        }
    }

    /** A thread for every element, or for every so many of them where they are many. */
    public static Grid elements(long count) {
        return new Grid(blocks(Math.ceilDiv(count, THREADS)), 1, THREADS, 1);
    }

    /** A block of all threads for every one of some things. */
    public static Grid blocksOf(long count) {
        return new Grid(blocks(count), 1, THREADS, 1);
    }

    /** A block of all threads for every one of some things: rectangles of some width. */
    public static Grid blocksOf(long count, int width) {
        return new Grid(blocks(count), 1, width, THREADS / width);
    }

    /** Rows, each walked by as many threads as it has columns: a power of two of them. */
    public static Grid rows(long rows, int columns) {
        int lanes = lanes(columns);
        int each = THREADS / lanes;
        return new Grid(blocks(Math.ceilDiv(rows, each)), 1, lanes, each);
    }

    /** One block. */
    public static Grid single() {
        return new Grid(1, 1, THREADS, 1);
    }

    /** One thread. */
    public static Grid one() {
        return new Grid(1, 1, 1, 1);
    }

    /** A power of two of threads, enough for so many elements if they are few. */
    static int lanes(long elements) {
        return Math.clamp(Long.highestOneBit(Math.max(1, 2 * elements - 1)), 1, THREADS);
    }

    private static int blocks(long wanted) {
        return Math.clamp(wanted, 1, MOST_BLOCKS);
    }
}
