package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.PublishedModel;
import io.gradstream.connectors.topic.TopicIds;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.progress.Progress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Where a trainer begins. */
public sealed interface Start {
    /** From a fresh model. */
    record Fresh() implements Start {}

    /** From a fresh model with weights of a file. */
    record Warm(Path file, List<NamedTensor> weights) implements Start {}

    /** From its own state, as if it had never stopped. */
    record Checkpointed(TrainerState state) implements Start {}

    /** From the newest version on the weights topic: weights and offsets are exact, everything else begins anew. */
    record Published(PublishedModel model) implements Start {}

    /** What the features have learned from the stream. */
    default List<NamedTensor> features() {
        return switch (this) {
            case Fresh _, Warm _, Published _ -> List.of();
            case Checkpointed checkpoint -> checkpoint.state().features();
        };
    }

    /** Whether the whole state is there, so that nothing has to be kept before something changes. */
    default boolean exact() {
        return this instanceof Checkpointed;
    }

    /** Puts the model and the metrics into this state. */
    default void applyTo(TrainingStep step, Progress progress) {
        switch (this) {
            case Fresh _ -> {}
            case Warm warm -> WarmStart.load(step, warm.weights(), warm.file().toString());
            case Checkpointed checkpoint -> {
                step.restore(ModelTensors.snapshot(checkpoint.state().model()));
                progress.restore(checkpoint.state().progress());
            }
            case Published published ->
                WarmStart.load(step, published.model().tensors().values(), "the weights topic");
        }
    }

    /**
     * The positions of a manifest, by partition.
     *
     * @param topics those there are now: what has become of others of the same names counts no longer
     */
    static Map<TopicPartition, Position> positions(Manifest manifest, TopicIds topics) {
        Map<TopicPartition, Position> positions = new HashMap<>();
        manifest.offsets()
                .forEach((topic, partitions) -> partitions.forEach(
                        (partition, position) -> positions.put(new TopicPartition(topic, partition), position)));
        positions.keySet().removeIf(partition -> topics.replaced(partition.topic(), manifest.topics()));
        return positions;
    }
}
