package io.gradstream.pipeline;

import io.gradstream.connectors.topic.Manifest;
import io.gradstream.connectors.topic.Position;
import io.gradstream.connectors.topic.TopicIds;
import io.gradstream.pipeline.recovery.Route;
import io.gradstream.pipeline.trainer.Start;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a trainer begins, how it gets from there to what the world has seen, and where news begin.
 *
 * @param journalStart an offset of the journal before which nothing belongs to the model's history
 * @param published the newest version on the topic
 * @param topics the topics that are read
 */
record Beginning(Start start, Route.Open route, long journalStart, Optional<Manifest> published, TopicIds topics) {
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
        return published.map(manifest -> Start.positions(manifest, topics)).orElse(Map.of());
    }

    /** The topics of which other ones had the names when the newest version was made. */
    Set<String> replaced() {
        Set<String> replaced = new TreeSet<>();
        published.ifPresent(manifest -> topics.byName().keySet().stream()
                .filter(topic -> topics.replaced(topic, manifest.topics()))
                .forEach(replaced::add));
        return replaced;
    }
}
