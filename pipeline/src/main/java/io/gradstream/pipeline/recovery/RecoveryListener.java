package io.gradstream.pipeline.recovery;

/** Hears how far a recovery has come; it must not block. */
public interface RecoveryListener {
    RecoveryListener NONE = (_, _, _) -> {};

    /**
     * A step has been learned once more.
     *
     * @param done steps so far
     * @param of steps in all
     * @param rows how many rows the model has learned from by now
     */
    void recovered(long done, long of, long rows);
}
