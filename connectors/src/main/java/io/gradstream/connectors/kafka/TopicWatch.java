package io.gradstream.connectors.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sees whether the topics that are read are still those that reading began with. A consumer does not say: it goes on at its offset in the
 * topic that has the name now.
 *
 * <p>Ids are never used twice, so whatever was polled before an answer that they are the same is of the topics that reading began with.
 * A topic that is gone is no other one yet. For any thread.
 */
public final class TopicWatch implements AutoCloseable {
    private final Admin admin;
    private final Map<String, String> begun;

    /**
     * @param properties properties of the Kafka admin client, passed through; {@code bootstrap.servers} is one of them
     * @param begun the ids of the topics that reading began with, by name
     */
    public TopicWatch(Map<String, ?> properties, Map<String, String> begun) {
        this.admin = Admin.create(new HashMap<>(properties));
        this.begun = Map.copyOf(begun);
    }

    /** Completes if they are, fails with a {@link TopicReplacedException}, or with a {@link TopicException} if the broker does not say. */
    public Mono<Void> verified() {
        return Flux.defer(() -> Flux.fromIterable(
                        admin.describeTopics(begun.keySet()).topicNameValues().values()))
                .flatMap(description -> Mono.fromCompletionStage(description.toCompletionStage())
                        .onErrorResume(UnknownTopicOrPartitionException.class, _ -> Mono.empty()))
                .onErrorMap(
                        KafkaException.class,
                        e -> new TopicException(
                                "topics must be describable: topics=" + begun.keySet() + " reason=" + e, e))
                .doOnNext(this::require)
                .then();
    }

    private void require(TopicDescription found) {
        if (!found.topicId().toString().equals(begun.get(found.name()))) {
            throw new TopicReplacedException(found.name());
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
