package io.gradstream.pipeline.operation;

import java.util.Locale;

/** Something that may be asked of the training thread, which does it between two steps. */
public enum Request {
    /** Takes no more steps until {@link #RESUME}; polling goes on, so the group keeps its member. */
    PAUSE,
    RESUME,
    /** Publishes what was learned since the newest version, and keeps the whole state on disk. */
    CHECKPOINT,
    /** Publishes what was learned since the newest version. */
    PUBLISH,
    /** Takes the model back to the newest checkpoint at which it was healthy, and publishes that. */
    ROLLBACK;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
