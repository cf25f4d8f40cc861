package io.gradstream.pipeline.publish;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.topic.LetterWriter;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.TopicIds;
import io.gradstream.connectors.topic.WeightSlices;
import io.gradstream.connectors.topic.WeightVersions;
import io.gradstream.pipeline.StageScenarios;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class PublishingTest extends StageScenarios<Publication, Publication> {
    private final Scheduler scheduler = Schedulers.newSingle("publishing-test");
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final List<List<ProducerRecord<byte[], byte[]>>> committed = new ArrayList<>();

    @AfterEach
    void close() {
        scheduler.dispose();
    }

    @Override
    protected Flux<Publication> stage(Flux<Publication> publications) {
        return stage(publications, versions(), (records, _) -> Mono.fromRunnable(() -> committed.add(records)));
    }

    @Override
    protected List<Publication> inputs() {
        return Publications.versions(4, acknowledged::incrementAndGet);
    }

    @Override
    protected List<String> outputs() {
        return List.of("1", "2", "3", "4");
    }

    @Override
    protected String describe(Publication publication) {
        return Long.toString(publication.version());
    }

    @Override
    protected long prefetch() {
        return 1;
    }

    @Test
    void acknowledgesWhatIsCommittedAndNothingElse() {
        Flux<Publication> failing = stage(
                Flux.fromIterable(inputs()),
                versions(),
                (records, offsets) -> Mono.defer(() -> {
                    if (committed.size() == 2) {
                        return Mono.error(new IllegalStateException("broker is gone"));
                    }
                    committed.add(records);
                    return Mono.empty();
                }));
        StepVerifier.create(failing)
                .expectNextCount(2)
                .expectErrorMessage("broker is gone")
                .verify(Duration.ofSeconds(60));
        assertThat(acknowledged).hasValue(2);
    }

    @Test
    void doesNotPublishWhatIsOnTheTopicAlready() {
        WeightVersions before = versions();
        before.committed(
                before.draft(2, 20, List.of(), WeightVersions.Mode.DELTA, Map.of(), TopicIds.NONE, 200, Instant.EPOCH));
        List<Long> handedOn = stage(
                        Flux.fromIterable(inputs()),
                        before,
                        (records, _) -> Mono.fromRunnable(() -> committed.add(records)))
                .map(Publication::version)
                .collectList()
                .block(Duration.ofSeconds(60));
        assertThat(handedOn).containsExactly(1L, 2L, 3L, 4L);
        assertThat(acknowledged).hasValue(4);
        assertThat(committed)
                .extracting(records -> Manifest.parse(records.getLast().value()).version())
                .containsExactly(3L, 4L);
    }

    @Test
    void sharesTheValueOfARecordAmongTheLettersOfItsRows() {
        Publication publication = Publications.rejecting(1, 2, 3);
        stage(Flux.just(publication)).blockLast(Duration.ofSeconds(60));
        byte[] value = requireNonNull(
                        publication.rejected().getFirst().original().value())
                .array();
        assertThat(committed.getFirst())
                .filteredOn(record -> record.topic().equals("dead"))
                .hasSize(3)
                .allSatisfy(letter -> assertThat(letter.value()).isSameAs(value));
    }

    private Flux<Publication> stage(
            Flux<Publication> publications, WeightVersions versions, Transactions transactions) {
        return new Publishing(
                        "clicks",
                        new PublishedTopics("weights", "metrics", "journal", "dead"),
                        new LetterWriter("dead", () -> 1 << 20),
                        transactions,
                        versions,
                        WeightVersions.Mode.DELTA,
                        Optional.empty(),
                        scheduler)
                .apply(publications);
    }

    private static WeightVersions versions() {
        return new WeightVersions("clicks", new WeightSlices(WeightSlices.DEFAULT_BYTES));
    }
}
