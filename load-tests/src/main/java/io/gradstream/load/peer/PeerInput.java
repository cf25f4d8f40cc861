package io.gradstream.load.peer;

/** One block of a model's input vector; blocks are concatenated in the order they are given. */
public sealed interface PeerInput {

    /** How many numbers the block adds to the input vector. */
    int width();

    /** Numeric columns that enter as they are. */
    record Dense(int width) implements PeerInput {}

    /** Numbers of rows of a learned table. */
    sealed interface Ids extends PeerInput {
        String name();

        int buckets();
    }

    /** One row of a learned table per example. */
    record Table(String name, int buckets, int width) implements Ids {}

    /** The sum or the mean of several rows of a learned table per example; nothing selected is zero. */
    record Bag(String name, int buckets, int width, boolean mean) implements Ids {}

    /** Up to {@code length} rows of a learned table per example, in order of time; as a block the mean of them, zero for none. */
    record Sequence(String name, int buckets, int width, int length) implements Ids {}
}
