package io.gradstream.pipeline;

import io.gradstream.config.Configuration;
import io.gradstream.connectors.file.SafetensorsFile;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.PublishedModel;
import io.gradstream.pipeline.checkpoint.Checkpoints;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.trainer.Start;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where a trainer begins. The weights topic is what the world has seen, so it has the first word: a checkpoint counts only
 * if the topic knows of the model, and not if the topic is behind it. Checkpoints that do not count are put aside, for they would
 * pass for newer ones than those to come.
 */
final class StartFinder {
    private static final Logger log = LoggerFactory.getLogger(StartFinder.class);

    private StartFinder() {}

    static Start find(Configuration configuration, Optional<PublishedModel> published, Checkpoints checkpoints) {
        if (published.isEmpty()) {
            checkpoints.adopt(_ -> false);
            return configuration.model().warmStart().map(StartFinder::warm).orElseGet(Start.Fresh::new);
        }
        Manifest manifest = published.get().manifest();
        if (!manifest.model().equals(configuration.name())) {
            throw new IllegalStateException("the weights topic belongs to another model: topic="
                    + configuration.publish().weights().topic() + " model=" + manifest.model() + " mine="
                    + configuration.name());
        }
        Optional<TrainerState> state = checkpoints.adopt(each -> belongs(each, manifest));
        if (state.isPresent()) {
            log.info(
                    "goes on from a checkpoint: step={} version={} rows={} published={}",
                    state.get().step(),
                    state.get().version(),
                    state.get().rows(),
                    manifest.version());
            return new Start.Checkpointed(state.get(), manifest);
        }
        log.warn(
                "goes on from the weights topic: version={} step={}; weights and offsets are exact, but there is no checkpoint,"
                        + " so the optimizer's moments, the loss scale, feature statistics and progressive metrics start anew",
                manifest.version(),
                manifest.step());
        return new Start.Published(published.get());
    }

    private static boolean belongs(TrainerState state, Manifest manifest) {
        return state.name().equals(manifest.model())
                && state.version() <= manifest.version()
                && state.step() <= manifest.step()
                && state.rows() <= manifest.rows()
                && state.positions().entrySet().stream()
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
