package io.gradstream.pipeline.checkpoint;

import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.TopicIds;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Everything a trainer is, between two steps, as one value: whoever has it, the journal and the log goes on as if nothing had happened.
 *
 * @param step the steps taken
 * @param version the newest version on the topic that knows of all these rows
 * @param rows the rows learned from
 * @param positions the next row to read of every partition that was ever read
 * @param topics which topics these are
 * @param journalStart an offset of the journal before which nothing belongs to the model's history
 * @param configuration what the trainer was told, without secrets, to say what has changed should the bits not come out the same
 * @param weights the parameters by name, as they are published, for whoever looks into a checkpoint
 * @param model everything the engine goes on from: parameters, moments, control values
 * @param features what the features have learned from the stream
 * @param progress the progressive metrics
 * @param guard what the guards remember
 */
public record TrainerState(
        String name,
        long step,
        long version,
        long rows,
        Map<TopicPartition, Position> positions,
        TopicIds topics,
        long journalStart,
        String configuration,
        List<NamedTensor> weights,
        List<NamedTensor> model,
        List<NamedTensor> features,
        List<NamedTensor> progress,
        List<NamedTensor> guard) {
    public TrainerState {
        positions = Map.copyOf(positions);
        weights = List.copyOf(weights);
        model = List.copyOf(model);
        features = List.copyOf(features);
        progress = List.copyOf(progress);
        guard = List.copyOf(guard);
    }
}
