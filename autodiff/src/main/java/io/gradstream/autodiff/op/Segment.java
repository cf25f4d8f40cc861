package io.gradstream.autodiff.op;

/** A run of elements of a flat block: one parameter's. */
public record Segment(long offset, long size) {

    public Segment {
        if (offset < 0 || size < 1) {
            throw new IllegalArgumentException(
                    "a segment must lie in its block and not be empty: offset=" + offset + " size=" + size);
        }
    }

    public long end() {
        return offset + size;
    }
}
