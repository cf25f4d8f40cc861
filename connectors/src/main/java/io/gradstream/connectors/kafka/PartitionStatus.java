package io.gradstream.connectors.kafka;

import java.util.OptionalLong;

/**
 * How far the reading of one partition has come.
 *
 * @param handedOn the offset behind the last record handed on
 * @param acknowledged the offset behind the last record of which it and all before it are acknowledged
 * @param end the offset behind the last readable record the broker told of; unknown before the first answer
 */
public record PartitionStatus(long handedOn, long acknowledged, OptionalLong end) {

    /** How many offsets are still to be handed on, as far as known. */
    public OptionalLong lag() {
        return end.isPresent() ? OptionalLong.of(Math.max(0, end.getAsLong() - handedOn)) : OptionalLong.empty();
    }

    /** Whether everything the broker told of has been handed on. */
    public boolean atEnd() {
        return end.isPresent() && handedOn >= end.getAsLong();
    }
}
