package io.gradstream.load.peer;

/** One block of a model's input vector; blocks are concatenated in the order they are given. */
public sealed interface PeerInput {

    /** How many numbers the block adds to the input vector. */
    int width();

    /** Numeric columns that enter as they are. */
    record Dense(int width) implements PeerInput {}

    /** One row of a learned table per example. */
    record Table(String name, int buckets, int width) implements PeerInput {}

    /** The sum or the mean of several rows of a learned table per example; nothing selected is zero. */
    record Bag(String name, int buckets, int width, boolean mean) implements PeerInput {}
}
