package io.gradstream.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.MetricEvent;
import io.gradstream.connectors.topic.MetricRecord;
import io.gradstream.connectors.topic.StepMetrics;
import io.gradstream.connectors.topic.TopicReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a trainer has published so far. */
record TrainerTopics(String bootstrap, String name) {

    List<Manifest> manifests() {
        return read("weights").stream()
                .filter(record -> new String(record.key(), UTF_8).equals(Manifest.KEY))
                .map(record -> Manifest.parse(record.value()))
                .toList();
    }

    /** Every record of the weights topic as text; of the manifests all but their time. */
    List<String> history() {
        List<String> history = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : read("weights")) {
            String key = new String(record.key(), UTF_8);
            if (key.equals(Manifest.KEY)) {
                Manifest manifest = Manifest.parse(record.value());
                history.add("manifest " + manifest.version() + " " + manifest.step() + " " + manifest.rows() + " "
                        + manifest.offsets().values() + " " + manifest.slices());
            } else {
                history.add(key + " " + Arrays.hashCode(record.value()));
            }
        }
        return history;
    }

    List<JournalRecord> journal() {
        return read("journal").stream()
                .map(record -> JournalRecord.parse(record.value()))
                .toList();
    }

    List<StepMetrics> steps() {
        return metrics(StepMetrics.class);
    }

    List<MetricEvent> events(String event) {
        return metrics(MetricEvent.class).stream()
                .filter(record -> record.event().equals(event))
                .toList();
    }

    private <T extends MetricRecord> List<T> metrics(Class<T> kind) {
        return read("metrics").stream()
                .map(record -> MetricRecord.parse(record.value()))
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /** All committed records of the topic that is called like the trainer and this. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return requireNonNull(new TopicReader(bootstrap, name + "." + topic, Map.of())
                .records()
                .collectList()
                .block());
    }
}
