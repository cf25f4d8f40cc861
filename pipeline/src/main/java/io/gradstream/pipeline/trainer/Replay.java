package io.gradstream.pipeline.trainer;

import io.gradstream.connectors.topic.Position;
import io.gradstream.pipeline.batching.RejectedRecord;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The rows that a trainer learns from a second time because its checkpoint is older than the newest version on the topic.
 *
 * <p>What they make need not be what they made before: steps are cut by time, and partitions come in another order. So rows decide
 * what the topic knows already, never the number of a version.
 */
final class Replay {
    private record Known(Position from, Position to) {
        boolean holds(Position position) {
            return from.compareTo(position) <= 0 && position.compareTo(to) < 0;
        }

        boolean reaches(Position position) {
            return from.compareTo(position) <= 0 && position.compareTo(to) <= 0;
        }
    }

    private final Map<TopicPartition, Known> known = new HashMap<>();
    private boolean over;

    /**
     * @param from where the trainer begins
     * @param to where the newest version on the topic ends
     */
    Replay(Map<TopicPartition, Position> from, Map<TopicPartition, Position> to) {
        to.forEach((partition, end) ->
                known.put(partition, new Known(from.getOrDefault(partition, new Position(0, 0)), end)));
    }

    /** Whether there are rows behind those of the newest version: what comes now is news. */
    boolean over() {
        return over;
    }

    /** Whether the record was set aside for good with the newest version or before. */
    boolean knows(RejectedRecord rejected) {
        Known of = known.get(rejected.partition());
        return of != null
                && of.holds(new Position(
                        rejected.original().offset(), rejected.row().orElse(0)));
    }

    /** Takes note of how far the trainer has come. A partition in which it is behind its beginning was made anew. */
    void reached(Map<TopicPartition, Position> positions) {
        positions.forEach((partition, position) -> {
            Known of = known.get(partition);
            if (of == null || !of.reaches(position)) {
                known.remove(partition);
                over = true;
            }
        });
    }
}
