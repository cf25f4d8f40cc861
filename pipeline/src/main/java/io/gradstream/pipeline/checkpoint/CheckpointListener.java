package io.gradstream.pipeline.checkpoint;

import java.time.Duration;

/** Hears what became of checkpoints, on the thread that writes them. */
public interface CheckpointListener {
    CheckpointListener NONE = new CheckpointListener() {};

    /** A state is on disk, which took so long. */
    default void kept(TrainerState state, Duration writing) {}

    /** A state could not be written; training goes on. */
    default void notKept(TrainerState state, RuntimeException reason) {}
}
