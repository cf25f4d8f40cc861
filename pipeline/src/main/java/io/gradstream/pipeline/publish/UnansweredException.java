package io.gradstream.pipeline.publish;

import java.time.Duration;

/** Training was to end, and no broker took what was still to be published. */
public final class UnansweredException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnansweredException(Duration waited) {
        super("brokers must answer for the last version to be published, see stop.patience: waited=" + waited);
    }
}
