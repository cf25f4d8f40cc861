package io.gradstream.pipeline;

import io.gradstream.connectors.kafka.AssignmentListener;
import io.gradstream.pipeline.checkpoint.CheckpointListener;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.trainer.Trainer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Has the trainer publish what goes wrong around it, and then tells whoever else wants to know. */
record Mishaps(Trainer trainer, CheckpointListener also) implements CheckpointListener, AssignmentListener {

    @Override
    public void kept(TrainerState state, Duration writing) {
        also.kept(state, writing);
    }

    @Override
    public void notKept(TrainerState state, RuntimeException reason) {
        trainer.announce("checkpoint-failed", Map.of("checkpoint_step", state.step(), "reason", reason.toString()));
        also.notKept(state, reason);
    }

    @Override
    public void gone(TopicPartition partition, long wanted, long first) {
        trainer.announce(
                "records-gone",
                Map.of(
                        "topic", partition.topic(),
                        "partition", partition.partition(),
                        "wanted", wanted,
                        "first", first,
                        "records", Math.max(0, first - wanted)));
    }
}
