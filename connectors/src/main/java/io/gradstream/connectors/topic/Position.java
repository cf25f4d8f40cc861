package io.gradstream.connectors.topic;

/**
 * A place between two rows of a partition: the record to read next, and how many of its rows are used already.
 *
 * <p>{@code (offset, 0)} stands before the record; the place behind its last row is {@code (offset + 1, 0)}.
 */
public record Position(long offset, int row) implements Comparable<Position> {
    public Position {
        if (offset < 0 || row < 0) {
            throw new IllegalArgumentException("offset and row must not be negative: offset=" + offset + " row=" + row);
        }
    }

    @Override
    public int compareTo(Position other) {
        int byOffset = Long.compare(offset, other.offset);
        return byOffset != 0 ? byOffset : Integer.compare(row, other.row);
    }
}
