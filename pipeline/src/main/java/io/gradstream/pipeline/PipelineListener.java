package io.gradstream.pipeline;

import io.gradstream.pipeline.recovery.RecoveryListener;
import io.gradstream.pipeline.trainer.TrainingListener;

/** Hears what a pipeline does: how far it has recovered, then every step. It must not block. */
public interface PipelineListener extends TrainingListener, RecoveryListener {
    @Override
    default void recovered(long done, long of, long rows) {}
}
