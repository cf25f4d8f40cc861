package io.gradstream.connectors.topic;

import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The serving side of a weights topic.
 *
 * <pre>{@code
 * WeightsReader weights = new WeightsReader("localhost:9092", "clicks.weights", Map.of());
 * weights.versions().subscribe(model -> serve(model.tensors()));
 * }</pre>
 *
 * @param properties further properties of the Kafka consumer, such as those for TLS
 */
public record WeightsReader(String bootstrap, String topic, Map<String, Object> properties) {
    public WeightsReader {
        properties = Map.copyOf(properties);
    }

    /** The newest complete version that is on the topic now, or nothing. */
    public Mono<PublishedModel> newest() {
        return Mono.empty();
    }

    /** The newest complete version, then every newer one as it comes, until cancelled; a slow subscriber skips to the newest. */
    public Flux<PublishedModel> versions() {
        return Flux.empty();
    }
}
