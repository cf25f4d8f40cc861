package io.gradstream.pipeline.publish;

import io.gradstream.connectors.kafka.PolledRecord;
import io.gradstream.connectors.topic.NamedTensor;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.TopicIds;
import io.gradstream.pipeline.batching.RejectedRecord;
import io.gradstream.pipeline.checkpoint.TrainerState;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Versions of a tiny model. */
final class Publications {
    private static final TopicPartition PARTITION = new TopicPartition("clicks", 0);

    private Publications() {}

    static List<Publication> versions(int count, Runnable acknowledge) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(version -> version(version, acknowledge))
                .toList();
    }

    /** A version that comes with rows of one record that cannot be used. */
    static Publication rejecting(int... rows) {
        PolledRecord original =
                new PolledRecord(7, 0, null, ByteBuffer.wrap(new byte[] {1, 2, 3}), new RecordHeaders());
        Publication version = version(1, () -> {});
        return new Publication(
                version.version(),
                version.step(),
                version.rows(),
                version.time(),
                version.weights(),
                version.positions(),
                version.topics(),
                version.metrics(),
                version.journal(),
                Arrays.stream(rows)
                        .mapToObj(row -> new RejectedRecord(
                                PARTITION, original, OptionalInt.of(row), "label", "label must be there", true))
                        .toList(),
                version.acknowledgements(),
                version.checkpoint());
    }

    private static Publication version(long version, Runnable acknowledge) {
        List<NamedTensor> weights = List.of(NamedTensor.of("linear.weight", new float[] {version}, 1));
        Map<TopicPartition, Position> positions = Map.of(PARTITION, new Position(version, 0));
        TrainerState state = new TrainerState(
                "clicks",
                version * 10,
                version,
                version * 100,
                positions,
                TopicIds.NONE,
                0,
                "",
                weights,
                List.of(),
                List.of(),
                List.of(),
                List.of());
        return new Publication(
                version,
                version * 10,
                version * 100,
                Instant.EPOCH,
                weights,
                positions,
                TopicIds.NONE,
                List.of(),
                List.of(),
                List.of(),
                List.of(acknowledge),
                version % 2 == 0 ? Optional.of(state) : Optional.empty());
    }
}
