package io.gradstream.pipeline.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.TopicIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @TempDir
    private Path directory;

    @Test
    void giveBackWhatWasWritten() {
        Checkpoints checkpoints = new Checkpoints(directory, 3);
        checkpoints.write(state(7));
        assertThat(checkpoints.newest()).contains(state(7));
    }

    @Test
    void giveBackTheNewest() {
        Checkpoints checkpoints = new Checkpoints(directory, 3);
        checkpoints.write(state(9));
        checkpoints.write(state(10));
        assertThat(checkpoints.newest()).contains(state(10));
    }

    @Test
    void haveNothingInAnEmptyOrMissingDirectory() {
        assertThat(new Checkpoints(directory, 3).newest()).isEmpty();
        assertThat(new Checkpoints(directory.resolve("missing"), 3).newest()).isEmpty();
    }

    @Test
    void giveBackOneThatWasWrittenBeforeTopicsHadIds() throws IOException {
        Checkpoints checkpoints = new Checkpoints(directory, 3);
        checkpoints.write(state(9, TopicIds.NONE));
        Path manifest = directory.resolve("000000000009.json");
        String json = Files.readString(manifest);
        assertThat(json).contains("\"topics\" : { },");
        Files.writeString(manifest, json.replace("\"topics\" : { },", ""));
        assertThat(checkpoints.newest()).contains(state(9, TopicIds.NONE));
    }

    @Test
    void findTheSameWhetherTheyAreWrittenOrHeld() {
        Checkpoints fast = new Checkpoints(directory.resolve("fast"), 3);
        Checkpoints slow = new Checkpoints(directory.resolve("slow"), 3);
        for (long step = 1; step <= 5; step++) {
            fast.hold(state(step));
            fast.write(state(step));
            slow.hold(state(step));
            if (step <= 3) {
                slow.write(state(step));
            }
        }
        for (long wanted = 1; wanted <= 5; wanted++) {
            long step = wanted;
            assertThat(slow.newest(state -> state.step() <= step))
                    .isEqualTo(fast.newest(state -> state.step() <= step));
        }
        assertThat(slow.newest()).contains(state(5));
    }

    @Test
    void keepOnlyTheNewest() throws IOException {
        Checkpoints checkpoints = new Checkpoints(directory, 2);
        for (long step = 1; step <= 5; step++) {
            checkpoints.write(state(step));
        }
        assertThat(names())
                .containsExactly(
                        "000000000004.json",
                        "000000000004.safetensors",
                        "000000000005.json",
                        "000000000005.safetensors");
    }

    @Test
    void passOverOneWhoseTensorsAreTorn() throws IOException {
        Checkpoints checkpoints = new Checkpoints(directory, 3);
        checkpoints.write(state(1));
        checkpoints.write(state(2));
        Path tensors = directory.resolve("000000000002.safetensors");
        byte[] bytes = Files.readAllBytes(tensors);
        Files.write(tensors, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        assertThat(checkpoints.newest()).contains(state(1));
    }

    @Test
    void passOverOneWhoseManifestIsTorn() throws IOException {
        Checkpoints checkpoints = new Checkpoints(directory, 3);
        checkpoints.write(state(1));
        checkpoints.write(state(2));
        Path manifest = directory.resolve("000000000002.json");
        Files.writeString(manifest, Files.readString(manifest).substring(0, 40));
        assertThat(checkpoints.newest()).contains(state(1));
    }

    @Test
    void passOverOneWithoutTensors() throws IOException {
        Checkpoints checkpoints = new Checkpoints(directory, 3);
        checkpoints.write(state(1));
        checkpoints.write(state(2));
        Files.delete(directory.resolve("000000000002.safetensors"));
        assertThat(checkpoints.newest()).contains(state(1));
    }

    @Test
    void adoptTheNewestThatBelongs() {
        Checkpoints checkpoints = new Checkpoints(directory, 3);
        checkpoints.write(state(1));
        checkpoints.write(state(2));
        checkpoints.write(state(3));
        assertThat(checkpoints.adopt(state -> state.step() <= 2)).contains(state(2));
        assertThat(checkpoints.newest()).contains(state(2));
    }

    @Test
    void putThoseOfAnotherHistoryAsideSoThatNewOnesAreKept() throws IOException {
        Checkpoints checkpoints = new Checkpoints(directory, 1);
        checkpoints.write(state(30));
        assertThat(checkpoints.adopt(_ -> false)).isEmpty();
        checkpoints.write(state(10));
        assertThat(checkpoints.newest()).contains(state(10));
        assertThat(names())
                .hasSize(3)
                .filteredOn(name -> name.startsWith("left-"))
                .singleElement()
                .satisfies(left -> assertThat(new Checkpoints(directory.resolve(left), 1).newest())
                        .contains(state(30)));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static TrainerState state(long step) {
        return state(step, new TopicIds(Map.of("a", "WlHYfJdBR0mXG8Vb3cJ7mA")));
    }

    private static TrainerState state(long step, TopicIds topics) {
        return new TrainerState(
                "clicks",
                step,
                step / 2,
                step * 100,
                Map.of(
                        new TopicPartition("a", 0),
                        new Position(step, 3),
                        new TopicPartition("a", 11),
                        new Position(0, 0)),
                topics,
                17,
                "name: clicks",
                List.of(NamedTensor.of("linear.weight", new float[] {step, 2, 3}, 1, 3)),
                List.of(NamedTensor.of("parameters", new float[] {step, 2, 3, 0}, 4)),
                List.of(NamedTensor.of("age", new double[] {step}, 1)),
                List.of(NamedTensor.of("healthy", new double[] {1}, 1)),
                List.of());
    }
}
