package io.gradstream.pipeline.trainer;

import io.gradstream.config.Every;
import java.util.OptionalLong;

/** Tells after each step whether something that happens every so often is due. */
final class Cadence {
    private final Every every;
    private long lastNanos;

    Cadence(Every every, long nowNanos) {
        this.every = every;
        this.lastNanos = nowNanos;
    }

    boolean due(long step, long nowNanos) {
        return switch (every) {
            case Every.Steps steps -> step % steps.count() == 0;
            case Every.Time time -> nowNanos - lastNanos >= time.period().toNanos();
        };
    }

    /** How long until time makes it due, 0 if it is; empty if only steps do. */
    OptionalLong dueIn(long nowNanos) {
        return switch (every) {
            case Every.Steps _ -> OptionalLong.empty();
            case Every.Time time -> OptionalLong.of(Math.max(0, time.period().toNanos() - (nowNanos - lastNanos)));
        };
    }

    /** Counts time from here; steps are counted from the model's first. */
    void happened(long nowNanos) {
        lastNanos = nowNanos;
    }
}
