package io.gradstream.pipeline.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much of the program's own log is shown. */
final class Logs {
    private Logs() {}

    /** For commands whose output a person reads; {@code GRADSTREAM_LOG} has the last word. */
    static void onlyWarnings() {
        if (System.getenv("GRADSTREAM_LOG") == null
                && LoggerFactory.getLogger("io.gradstream") instanceof Logger ours) {
            ours.setLevel(Level.WARN);
        }
    }
}
