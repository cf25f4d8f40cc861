package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Range;
import java.time.Duration;
import java.util.Optional;

/** When training ends cleanly by itself: at the first of the given limits, never if none is given. */
@Doc("When training ends cleanly by itself: at the first of the given limits, never if none is given.")
public record StopSettings(
        @Doc("After that many rows.") Optional<@Range(min = 1) Long> rows,
        @Doc("After that many optimizer steps.") Optional<@Range(min = 1) Long> steps,
        @Doc("After that much time without a new row.") Optional<Duration> idle,

        @Doc(
                "How long brokers may take to answer once a trainer was asked to end by a signal. What is not published by then is not lost: the"
                        + " next start learns it again.")
        @Default("20s")
        Duration patience) {}
