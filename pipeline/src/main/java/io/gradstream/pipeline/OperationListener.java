package io.gradstream.pipeline;

import io.gradstream.connectors.topic.MetricEvent;
import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.pipeline.checkpoint.CheckpointListener;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.operation.Landmark;
import io.gradstream.pipeline.operation.Operation;
import java.time.Duration;
import java.time.Instant;

/** Tells the operation what the stages do, and then whoever else wants to know. */
record OperationListener(Operation operation, PipelineListener also) implements PipelineListener, CheckpointListener {

    @Override
    public void recovered(long done, long of, long rows) {
        operation.recovered(done, of);
        also.recovered(done, of, rows);
    }

    @Override
    public void stepped(StepMetrics figures) {
        operation.stepped(figures);
        also.stepped(figures);
    }

    @Override
    public void happened(MetricEvent event) {
        operation.happened(event);
        also.happened(event);
    }

    @Override
    public void kept(TrainerState state, Duration writing) {
        operation.kept(new Landmark(state.version(), state.step(), state.rows(), Instant.now()), writing);
    }

    @Override
    public void notKept(TrainerState state, RuntimeException reason) {
        operation.notKept(state.step(), reason.toString());
    }
}
