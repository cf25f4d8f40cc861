package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.PublishedModel;
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

    /** From its own state: as if it had never stopped. The newest version on the topic may be ahead of it. */
    record Checkpointed(TrainerState state, Manifest newest) implements Start {}

    /** From the newest version on the weights topic: weights and offsets are exact, everything else begins anew. */
    record Published(PublishedModel model) implements Start {}

    default long step() {
        return switch (this) {
            case Fresh _, Warm _ -> 0;
            case Checkpointed checkpoint -> checkpoint.state().step();
            case Published published -> published.model().manifest().step();
        };
    }

    default long rows() {
        return switch (this) {
            case Fresh _, Warm _ -> 0;
            case Checkpointed checkpoint -> checkpoint.state().rows();
            case Published published -> published.model().manifest().rows();
        };
    }

    /** The newest version that counts: the next one has a higher number. */
    default long version() {
        return switch (this) {
            case Fresh _, Warm _ -> 0;
            case Checkpointed checkpoint ->
                Math.max(checkpoint.state().version(), checkpoint.newest().version());
            case Published published -> published.model().manifest().version();
        };
    }

    /** The next row to read of each partition that the state knows of. */
    default Map<TopicPartition, Position> positions() {
        return switch (this) {
            case Fresh _, Warm _ -> Map.of();
            case Checkpointed checkpoint -> checkpoint.state().positions();
            case Published published -> positions(published.model().manifest());
        };
    }

    /** The first row of each partition that the newest version on the topic has not learned from. */
    default Map<TopicPartition, Position> published() {
        return switch (this) {
            case Fresh _, Warm _ -> Map.of();
            case Checkpointed checkpoint -> positions(checkpoint.newest());
            case Published published -> positions(published.model().manifest());
        };
    }

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

    private static Map<TopicPartition, Position> positions(Manifest manifest) {
        Map<TopicPartition, Position> positions = new HashMap<>();
        manifest.offsets()
                .forEach((topic, partitions) -> partitions.forEach(
                        (partition, position) -> positions.put(new TopicPartition(topic, partition), position)));
        return positions;
    }
}
