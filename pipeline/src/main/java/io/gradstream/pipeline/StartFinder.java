package io.gradstream.pipeline;

import io.gradstream.config.Configuration;
import io.gradstream.connectors.file.SafetensorsFile;
import io.gradstream.connectors.kafka.LogReader;
import io.gradstream.connectors.topic.JournalCursor;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.PublishedModel;
import io.gradstream.connectors.topic.TopicIds;
import io.gradstream.pipeline.checkpoint.Checkpoints;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.recovery.Route;
import io.gradstream.pipeline.trainer.Start;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where a trainer begins. The weights topic is what the world has seen, so it has the first word: a checkpoint counts only
 * if the topic knows of the model, and not if the topic is behind it. Checkpoints that do not count are put aside, for they would
 * pass for newer ones than those to come. Where the topic is ahead of the checkpoint, the journal must lead from one to the other.
 */
final class StartFinder {
    private static final Logger log = LoggerFactory.getLogger(StartFinder.class);

    private final Configuration configuration;
    private final Checkpoints checkpoints;
    private final JournalCursor journal;
    private final LogReader rows;
    private final TopicIds present;

    /** @param present the source topics there are now */
    StartFinder(
            Configuration configuration,
            Checkpoints checkpoints,
            JournalCursor journal,
            LogReader rows,
            TopicIds present) {
        this.configuration = configuration;
        this.checkpoints = checkpoints;
        this.journal = journal;
        this.rows = rows;
        this.present = present;
    }

    /**
     * Looks for it.
     *
     * @param elsewhere a state that is kept in another place than the directory
     */
    Beginning find(Optional<PublishedModel> published, Optional<TrainerState> elsewhere) {
        if (published.isEmpty()) {
            checkpoints.adopt(_ -> false);
            return anew(first(configuration), Optional.empty());
        }
        Manifest manifest = published.get().manifest();
        if (!manifest.model().equals(configuration.name())) {
            throw new IllegalStateException("the weights topic belongs to another model: topic="
                    + configuration.publish().weights().topic() + " model=" + manifest.model() + " mine="
                    + configuration.name());
        }
        Optional<TrainerState> state = Stream.concat(
                        checkpoints.adopt(each -> belongs(each, manifest)).stream(),
                        elsewhere.filter(each -> belongs(each, manifest)).stream())
                .max(Comparator.comparingLong(TrainerState::step));
        if (state.isEmpty()) {
            log.warn(
                    "goes on from the weights topic: version={} step={}; weights and offsets are exact, but there is no checkpoint,"
                            + " so the optimizer's moments, the loss scale, feature statistics and progressive metrics start anew",
                    manifest.version(),
                    manifest.step());
            return anew(new Start.Published(published.get()), Optional.of(manifest));
        }
        return from(state.get(), published.get());
    }

    private Beginning from(TrainerState state, PublishedModel published) {
        Manifest manifest = published.manifest();
        Route route = Route.find(
                journal, rows, state.step(), manifest.step(), state.journalStart(), present, checkpoints::has);
        return switch (route) {
            case Route.Open open -> {
                log.info(
                        "goes on from a checkpoint: step={} rows={}; the weights topic is at version={} step={} rows={}, so {} steps"
                                + " are learned once more from the journal",
                        state.step(),
                        state.rows(),
                        manifest.version(),
                        manifest.step(),
                        manifest.rows(),
                        manifest.step() - state.step());
                yield new Beginning(
                        new Start.Checkpointed(state),
                        open,
                        state.journalStart(),
                        Optional.of(manifest),
                        manifest.topics().with(present));
            }
            case Route.Closed closed -> {
                log.warn(
                        "goes on from the weights topic: version={} step={}; weights and offsets are exact, but the rows behind the"
                                + " checkpoint of step {} cannot be learned once more ({}), so the optimizer's moments, the loss scale,"
                                + " feature statistics and progressive metrics start anew",
                        manifest.version(),
                        manifest.step(),
                        state.step(),
                        closed.reason());
                checkpoints.adopt(_ -> false);
                yield anew(new Start.Published(published), Optional.of(manifest));
            }
        };
    }

    private Beginning anew(Start start, Optional<Manifest> published) {
        TopicIds topics = published.map(Manifest::topics).orElse(TopicIds.NONE).with(present);
        return new Beginning(start, Route.Open.NOWHERE, journal.end(), published, topics);
    }

    /** Where a model begins that nobody has heard of. */
    static Start first(Configuration configuration) {
        return configuration.model().warmStart().map(StartFinder::warm).orElseGet(Start.Fresh::new);
    }

    private static boolean belongs(TrainerState state, Manifest manifest) {
        return state.name().equals(manifest.model())
                && state.version() <= manifest.version()
                && state.step() <= manifest.step()
                && state.rows() <= manifest.rows()
                && state.positions().entrySet().stream()
                        .filter(each ->
                                !manifest.topics().replaced(each.getKey().topic(), state.topics()))
                        .allMatch(each -> knows(manifest, each.getKey(), each.getValue()));
    }

    private static boolean knows(Manifest manifest, TopicPartition partition, Position position) {
        Position end = manifest.offsets()
                .getOrDefault(partition.topic(), Collections.emptySortedMap())
                .get(partition.partition());
        return end != null && position.compareTo(end) <= 0;
    }

    private static Start warm(Path file) {
        try {
            return new Start.Warm(file, SafetensorsFile.read(file).tensors());
        } catch (IOException e) {
            throw new UncheckedIOException("warm start cannot be read: file=" + file, e);
        }
    }
}
