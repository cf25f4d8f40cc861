package io.gradstream.pipeline;

import io.gradstream.config.Configuration;
import io.gradstream.connectors.kafka.LogReader;
import io.gradstream.connectors.topic.JournalCursor;
import io.gradstream.connectors.topic.JournalRecord;
import io.gradstream.connectors.topic.JournalRecord.PublishedVersion;
import io.gradstream.connectors.topic.TopicIds;
import io.gradstream.connectors.topic.TopicReader;
import io.gradstream.pipeline.checkpoint.Checkpoints;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.recovery.RecoveryException;
import io.gradstream.pipeline.recovery.RecoveryListener;
import io.gradstream.pipeline.recovery.Route;
import io.gradstream.pipeline.trainer.Start;
import io.gradstream.pipeline.trainer.TrainingListener;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A published version brought about once more, from the rows that the journal names, without touching topics or checkpoints: proof that
 * these rows, and nothing else, made these weights.
 */
public final class Recomputation implements AutoCloseable {
    private final Resources resources = new Resources();
    private final Configuration configuration;
    private final JournalCursor journal;
    private final LogReader records;
    private final LogReader recordsAgain;
    private final Checkpoints checkpoints;
    private final TopicIds present;

    /**
     * What came out.
     *
     * @param from the step of the checkpoint from which it began, 0 for the beginning
     * @param sha256 what {@link io.gradstream.connectors.topic.Manifest#digest} says of the version, as published and as recomputed
     */
    public record Outcome(long version, long from, long step, long rows, String sha256) {}

    private record Target(long step, PublishedVersion published) {}

    public Recomputation(Configuration configuration) {
        this.configuration = configuration;
        KafkaClients kafka = resources.own(KafkaClients.of(configuration));
        journal = resources.own(new JournalCursor(
                new TopicReader(
                        kafka.bootstrap(), configuration.publish().journal().topic(), kafka.properties()),
                configuration.name()));
        records = resources.own(new LogReader(kafka.properties()));
        recordsAgain = resources.own(new LogReader(kafka.properties()));
        present = kafka.ids(configuration.source().topics());
        checkpoints = new Checkpoints(
                configuration.checkpoint().directory(),
                configuration.checkpoint().keep());
    }

    /**
     * Learns up to a version.
     *
     * @param fromTheBeginning whether checkpoints are not to be trusted
     * @throws RecoveryException if it comes out different
     */
    public Outcome run(long version, boolean fromTheBeginning, RecoveryListener listener) {
        Beginning beginning = null;
        try {
            Target target = target(version);
            beginning = beginning(target, fromTheBeginning);
            records.seek(beginning.route().from());
            long from = stepOf(beginning);
            journal.behind(from, beginning.journalStart());
            Learner learner = new Learner(
                    configuration,
                    beginning,
                    journal,
                    records,
                    recordsAgain,
                    checkpoints,
                    resources,
                    TrainingListener.NONE,
                    () -> 0);
            learner.recovery(beginning, journal, checkpoints, _ -> {}, listener).run(target.step(), () -> false);
            return new Outcome(
                    version,
                    from,
                    target.step(),
                    learner.trainer().rows(),
                    target.published().sha256());
        } catch (RecoveryException e) {
            throw RecoveryException.explain(e, configurationOf(beginning), configuration);
        }
    }

    private Target target(long version) {
        for (JournalRecord record = journal.next(); record != null; record = journal.next()) {
            Optional<PublishedVersion> published = record.published();
            if (published.isPresent() && published.get().version() == version) {
                return new Target(record.step(), published.get());
            }
        }
        throw new IllegalArgumentException("the journal must have a step after which the version was taken: version="
                + version + " topic=" + configuration.publish().journal().topic());
    }

    private Beginning beginning(Target target, boolean fromTheBeginning) {
        Optional<TrainerState> state = fromTheBeginning
                ? Optional.empty()
                : checkpoints.newest(each -> each.name().equals(configuration.name()) && each.step() < target.step());
        Start start = state.<Start>map(Start.Checkpointed::new).orElseGet(() -> StartFinder.first(configuration));
        long from = state.map(TrainerState::step).orElse(0L);
        long journalStart = state.map(TrainerState::journalStart).orElse(0L);
        return switch (Route.find(journal, records, from, target.step(), journalStart, present, checkpoints::has)) {
            case Route.Open open -> new Beginning(start, open, journalStart, Optional.empty(), present);
            case Route.Closed closed ->
                throw new IllegalStateException("the rows of the version cannot all be read: version="
                        + target.published().version() + " from=" + from + " to=" + target.step() + " reason="
                        + closed.reason());
        };
    }

    private static long stepOf(Beginning beginning) {
        return beginning.start() instanceof Start.Checkpointed kept
                ? kept.state().step()
                : 0;
    }

    private String configurationOf(@Nullable Beginning beginning) {
        return beginning != null && beginning.start() instanceof Start.Checkpointed kept
                ? kept.state().configuration()
                : configuration.effectiveYaml();
    }

    @Override
    public void close() {
        resources.close();
    }
}
