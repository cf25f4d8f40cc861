package io.gradstream.load.peer;

/** A tensor that a model keeps: its name, its shape, who changes it, and what all its elements are at first. */
@SuppressWarnings("ArrayRecordComponent") // a shape is carried to the library and never compared
public record PeerParameter(String name, long[] shape, Kind kind, double first) {
    /** Who changes a tensor. */
    public enum Kind {
        /** The optimizer. */
        TRAINED,
        /** The optimizer, by the gradients of the rows that were looked up. */
        TABLE,
        /** The forward pass. */
        STATE
    }
}
