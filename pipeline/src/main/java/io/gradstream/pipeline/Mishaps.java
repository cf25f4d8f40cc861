package io.gradstream.pipeline;

import io.gradstream.connectors.kafka.AssignmentListener;
import io.gradstream.connectors.kafka.TopicException;
import io.gradstream.connectors.kafka.TopicWatch;
import io.gradstream.pipeline.checkpoint.CheckpointListener;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.trainer.Trainer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the trainer publish what goes wrong around it, and then tells whoever else wants to know. */
record Mishaps(Trainer trainer, TopicWatch watch, CheckpointListener also)
        implements CheckpointListener, AssignmentListener {
    private static final Logger log = LoggerFactory.getLogger(Mishaps.class);
    private static final Duration ANSWER = Duration.ofSeconds(5);

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
        verify(partition);
        trainer.announce(
                "records-gone",
                Map.of(
                        "topic", partition.topic(),
                        "partition", partition.partition(),
                        "wanted", wanted,
                        "first", first,
                        "records", Math.max(0, first - wanted)));
    }

    /** A topic that has not got what it had may be another one. Should nobody say, the next publication finds out. */
    private void verify(TopicPartition partition) {
        try {
            watch.verified().block(ANSWER);
        } catch (TopicException | IllegalStateException e) {
            log.warn("nobody says whether a topic was made anew: partition={} reason={}", partition, e.getMessage());
        }
    }
}
