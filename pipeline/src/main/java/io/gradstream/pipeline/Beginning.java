package io.gradstream.pipeline;

import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.Position;
import io.gradstream.pipeline.recovery.Route;
import io.gradstream.pipeline.trainer.Start;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a trainer begins, how it gets from there to what the world has seen, and where news begin.
 *
 * @param journalStart an offset of the journal before which nothing belongs to the model's history
 * @param published the newest version on the topic
 */
record Beginning(Start start, Route.Open route, long journalStart, Optional<Manifest> published) {
    /** The steps behind the first row that nobody has learned from. */
    long step() {
        return published.map(Manifest::step).orElse(0L);
    }

    /** How many rows the world knows to be learned from. */
    long rows() {
        return published.map(Manifest::rows).orElse(0L);
    }

    /** The first row of each partition that nobody has learned from. */
    Map<TopicPartition, Position> positions() {
        return published.map(Start::positions).orElse(Map.of());
    }
}
