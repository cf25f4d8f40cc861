package io.gradstream.connectors.topic;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The serving side of a weights topic.
 *
 * <pre>{@code
 * WeightsReader weights = new WeightsReader("localhost:9092", "clicks.weights", Map.of());
 * Disposable serving = weights.versions().subscribe(model -> serve(model.tensors()));
 * }</pre>
 *
 * <p>Only versions of which every slice is there with its checksum are given out. Every subscription has a consumer and a thread of
 * its own; cancelling it closes both.
 *
 * @param properties further properties of the Kafka consumer, such as those for TLS
 */
public record WeightsReader(String bootstrap, String topic, Map<String, Object> properties) {
    public WeightsReader {
        properties = Map.copyOf(properties);
    }

    /** The newest complete version that is on the topic now, or nothing. */
    public Mono<PublishedModel> newest() {
        return Flux.defer(() -> complete(TopicReader.Until.END)).next().mapNotNull(WeightsReader::model);
    }

    /** The newest complete version, then every newer one as it comes, until cancelled; a slow subscriber skips to the newest. */
    public Flux<PublishedModel> versions() {
        return Flux.defer(() -> complete(TopicReader.Until.CANCELLED))
                .onBackpressureLatest()
                .mapNotNull(WeightsReader::model);
    }

    private Flux<WeightsView.Complete> complete(TopicReader.Until until) {
        WeightsView view = new WeightsView();
        return new TopicReader(bootstrap, topic, properties)
                .batches(until)
                .mapNotNull(batch -> newest(view, batch))
                .distinctUntilChanged(WeightsView.Complete::manifest);
    }

    private static WeightsView.@Nullable Complete newest(WeightsView view, TopicBatch batch) {
        for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
            view.accept(record.key(), record.value());
        }
        return batch.caughtUp() ? view.newest().orElse(null) : null;
    }

    private static @Nullable PublishedModel model(WeightsView.Complete version) {
        return WeightsView.model(version).orElse(null);
    }
}
