package io.gradstream.pipeline.publish;

import io.gradstream.connectors.kafka.AbortedException;
import io.gradstream.connectors.kafka.TopicException;
import io.gradstream.connectors.rows.Origin;
import io.gradstream.connectors.topic.DeadLetter;
import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.JournalRecord.PublishedVersion;
import io.gradstream.connectors.topic.LetterWriter;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.WeightRecord;
import io.gradstream.connectors.topic.WeightVersions;
import io.gradstream.pipeline.batching.RejectedRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** The stage that makes versions visible, one transaction each, one after the other. What it hands on is committed. */
public final class Publishing implements Function<Flux<Publication>, Flux<Publication>> {
    private static final Logger log = LoggerFactory.getLogger(Publishing.class);
    private static final int RETRIES = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final String model;
    private final PublishedTopics topics;
    private final LetterWriter letters;
    private final Transactions transactions;
    private final WeightVersions versions;
    private final WeightVersions.Mode mode;
    private final Optional<StateVersions> states;
    private final Scheduler scheduler;
    private final Retry ifAborted;

    public Publishing(
            String model,
            PublishedTopics topics,
            LetterWriter letters,
            Transactions transactions,
            WeightVersions versions,
            WeightVersions.Mode mode,
            Optional<StateVersions> states,
            Scheduler scheduler) {
        this.model = model;
        this.topics = topics;
        this.letters = letters;
        this.transactions = transactions;
        this.versions = versions;
        this.mode = mode;
        this.states = states;
        this.scheduler = scheduler;
        this.ifAborted = Retry.backoff(RETRIES, FIRST_PAUSE)
                .filter(Publishing::nothingIsVisible)
                .doBeforeRetry(_ -> letters.askAgain())
                .onRetryExhaustedThrow((_, last) -> last.failure())
                .scheduler(scheduler);
    }

    private static boolean nothingIsVisible(Throwable failure) {
        return failure instanceof AbortedException || failure instanceof TopicException;
    }

    @Override
    public Flux<Publication> apply(Flux<Publication> publications) {
        return publications.concatMap(
                publication -> Mono.defer(() -> publication.isNotice() ? tell(publication) : publish(publication))
                        .subscribeOn(scheduler),
                1);
    }

    /** Notices change nothing that a version is made of, and nobody downstream needs to know. */
    private Mono<Publication> tell(Publication notice) {
        return Mono.defer(() -> transactions.commit(metrics(notice), Map.of()))
                .retryWhen(ifAborted)
                .then(Mono.empty());
    }

    private Mono<Publication> publish(Publication publication) {
        Manifest published = versions.published();
        if (published != null && publication.version() <= published.version()) {
            log.debug(
                    "rows are known to the topic already: step={} version={}",
                    publication.step(),
                    publication.version());
            publication.acknowledgements().forEach(Runnable::run);
            return Mono.just(publication);
        }
        WeightVersions.Draft draft = versions.draft(
                publication.version(),
                publication.step(),
                publication.weights(),
                mode,
                byTopic(publication.positions()),
                publication.topics(),
                publication.rows(),
                publication.time());
        Optional<StateVersions.Draft> state = states.flatMap(kept -> kept.draft(publication));
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets(publication.positions());
        return Mono.defer(() -> transactions.commit(records(publication, draft, state), offsets))
                .retryWhen(ifAborted)
                .then(Mono.fromSupplier(() -> {
                    versions.committed(draft);
                    states.ifPresent(kept -> state.ifPresent(kept::committed));
                    publication.acknowledgements().forEach(Runnable::run);
                    return publication;
                }));
    }

    private List<ProducerRecord<byte[], byte[]>> records(
            Publication publication, WeightVersions.Draft draft, Optional<StateVersions.Draft> state) {
        byte[] key = model.getBytes(StandardCharsets.UTF_8);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (RejectedRecord each : publication.rejected()) {
            records.add(letters.write(letter(each), each.carriesValue()));
        }
        records.addAll(metrics(publication));
        for (JournalRecord each : journal(publication, draft.manifest())) {
            records.add(new ProducerRecord<>(topics.journal(), key, each.toJson()));
        }
        for (WeightRecord each : draft.records()) {
            records.add(new ProducerRecord<>(topics.weights(), each.key(), each.value()));
        }
        state.map(StateVersions.Draft::records).ifPresent(records::addAll);
        return records;
    }

    private List<ProducerRecord<byte[], byte[]>> metrics(Publication publication) {
        byte[] key = model.getBytes(StandardCharsets.UTF_8);
        return publication.metrics().stream()
                .map(each -> new ProducerRecord<>(topics.metrics(), key, each.toJson()))
                .toList();
    }

    /** The last step says which version was taken after it, so that the journal alone can prove every version. */
    private static List<JournalRecord> journal(Publication publication, Manifest manifest) {
        List<JournalRecord> journal = new ArrayList<>(publication.journal());
        if (!journal.isEmpty()) {
            PublishedVersion taken = new PublishedVersion(manifest.version(), manifest.digest());
            journal.set(journal.size() - 1, journal.getLast().publishing(taken));
        }
        return journal;
    }

    private static DeadLetter letter(RejectedRecord rejected) {
        TopicPartition partition = rejected.partition();
        Origin origin = new Origin(
                partition.topic(), partition.partition(), rejected.original().offset());
        return new DeadLetter(
                rejected.original().key(),
                bytes(rejected.original().value()),
                rejected.original().headers(),
                origin,
                rejected.detail(),
                rejected.reason(),
                rejected.row());
    }

    /** The value itself where that can be: as many letters as a record has bad rows share it. */
    private static byte @Nullable [] bytes(@Nullable ByteBuffer value) {
        if (value == null) {
            return null;
        }
        if (value.hasArray() && value.arrayOffset() == 0 && value.array().length == value.remaining()) {
            return value.array();
        }
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return bytes;
    }

    /** The group's offsets know only whole records; how much of the next one is used stands beside them. */
    private static Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, Position> positions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach((partition, position) -> offsets.put(
                partition,
                new OffsetAndMetadata(position.offset(), position.row() == 0 ? "" : "row=" + position.row())));
        return offsets;
    }

    static Map<String, Map<Integer, Position>> byTopic(Map<TopicPartition, Position> positions) {
        Map<String, Map<Integer, Position>> byTopic = new HashMap<>();
        positions.forEach((partition, position) ->
                byTopic.computeIfAbsent(partition.topic(), _ -> new HashMap<>()).put(partition.partition(), position));
        return byTopic;
    }
}
