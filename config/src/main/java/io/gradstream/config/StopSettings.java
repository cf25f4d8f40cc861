package io.gradstream.config;

import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Range;
import java.time.Duration;
import java.util.Optional;

/** When training ends cleanly by itself: at the first of the given limits, never if none is given. */
@Doc("When training ends cleanly by itself: at the first of the given limits, never if none is given.")
public record StopSettings(
        @Doc("After that many rows.") Optional<@Range(min = 1) Long> rows,
        @Doc("After that many optimizer steps.") Optional<@Range(min = 1) Long> steps,
        @Doc("After that much time without a new row.") Optional<Duration> idle) {}
