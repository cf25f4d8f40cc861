package io.gradstream.pipeline.publish;

import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.WeightSlices;
import io.gradstream.connectors.topic.WeightVersions;
import io.gradstream.pipeline.checkpoint.PublishedStates;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes the trainer's whole state on a topic of its own, in the transaction of the version it belongs to, for the day on which the
 * checkpoints are lost.
 */
public final class StateVersions {
    private final String topic;
    private final WeightVersions versions;

    /** A state ready to be sent. */
    public record Draft(WeightVersions.Draft draft, List<ProducerRecord<byte[], byte[]>> records) {
        public Draft {
            records = List.copyOf(records);
        }
    }

    /** @param newest what is on the topic already */
    public StateVersions(String model, String topic, WeightSlices slices, Optional<Manifest> newest) {
        this.topic = topic;
        this.versions = newest.map(manifest -> new WeightVersions(model, slices, manifest))
                .orElseGet(() -> new WeightVersions(model, slices));
    }

    /** What goes out with a version, if its state is to be kept. */
    Optional<Draft> draft(Publication publication) {
        return publication.checkpoint().map(state -> {
            WeightVersions.Draft draft = versions.draft(
                    publication.version(),
                    publication.step(),
                    PublishedStates.tensors(state),
                    WeightVersions.Mode.DELTA,
                    Publishing.byTopic(publication.positions()),
                    publication.topics(),
                    publication.rows(),
                    publication.time());
            return new Draft(
                    draft,
                    draft.records().stream()
                            .map(record -> new ProducerRecord<>(topic, record.key(), record.value()))
                            .toList());
        });
    }

    void committed(Draft draft) {
        versions.committed(draft.draft());
    }
}
