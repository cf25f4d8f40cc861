package io.gradstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.PublishedModel;
import io.gradstream.pipeline.checkpoint.Checkpoints;
import io.gradstream.pipeline.checkpoint.TrainerState;
import io.gradstream.pipeline.trainer.Start;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartFinderTest {
    private static final Configuration CONFIGURATION = ConfigurationLoader.parse("test.yaml", """
            name: clicks
            kafka: {bootstrap: "localhost:9092"}
            source: {topics: [events]}
            features:
              - {column: x, type: numeric}
            label: {column: y}
            model: {type: linear}
            loss: binary-cross-entropy
            """, List.of(), Map.of());

    @TempDir
    private Path directory;

    private Checkpoints checkpoints;

    @BeforeEach
    void open() {
        checkpoints = new Checkpoints(directory, 3);
    }

    @Test
    void goesOnFromACheckpointThatTheTopicIsAheadOf() {
        checkpoints.write(state(25, 31, 60));
        Start start = find(published(39, 33, 85));
        assertThat(start).isInstanceOf(Start.Checkpointed.class);
        assertThat(start.step()).isEqualTo(25);
        assertThat(start.version()).isEqualTo(39);
        assertThat(start.positions()).isEqualTo(at(60));
        assertThat(start.published()).isEqualTo(at(85));
    }

    @Test
    void beginsAnewWithoutATopicAndLeavesNoCheckpointInTheWay() {
        checkpoints.write(state(30, 6, 80));
        assertThat(StartFinder.find(CONFIGURATION, Optional.empty(), checkpoints))
                .isEqualTo(new Start.Fresh());
        assertThat(checkpoints.newest()).isEmpty();
    }

    @Test
    void doesNotAdoptACheckpointOfAnotherHistory() {
        checkpoints.write(state(8, 5, 20));
        checkpoints.write(state(9, 6, 80));
        checkpoints.write(state(30, 6, 20));
        assertThat(find(published(10, 10, 25)).step()).isEqualTo(8);
    }

    @Test
    void doesNotAdoptACheckpointOfATopicThatWasNeverRead() {
        checkpoints.write(state(8, 5, 20));
        PublishedModel published = new PublishedModel(manifest(10, 10, new TreeMap<>()), Map.of());
        assertThat(StartFinder.find(CONFIGURATION, Optional.of(published), checkpoints))
                .isEqualTo(new Start.Published(published));
    }

    private Start find(PublishedModel published) {
        return StartFinder.find(CONFIGURATION, Optional.of(published), checkpoints);
    }

    private static PublishedModel published(long version, long step, long offset) {
        return new PublishedModel(
                manifest(
                        version,
                        step,
                        new TreeMap<>(Map.of("events", new TreeMap<>(Map.of(0, new Position(offset, 0)))))),
                Map.of());
    }

    private static Manifest manifest(
            long version, long step, TreeMap<String, java.util.SortedMap<Integer, Position>> offsets) {
        return new Manifest("clicks", version, step, OptionalLong.empty(), List.of(), offsets, step * 4, Instant.EPOCH);
    }

    private static TrainerState state(long step, long version, long offset) {
        return new TrainerState(
                "clicks", step, version, step * 4, at(offset), List.of(), List.of(), List.of(), List.of());
    }

    private static Map<TopicPartition, Position> at(long offset) {
        return Map.of(new TopicPartition("events", 0), new Position(offset, 0));
    }
}
