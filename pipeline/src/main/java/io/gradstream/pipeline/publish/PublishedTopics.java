package io.gradstream.pipeline.publish;

import io.gradstream.config.Configuration;
import io.gradstream.connectors.kafka.TopicSpec;
import java.util.ArrayList;
import java.util.List;

/** Where a trainer's results go. */
public record PublishedTopics(String weights, String metrics, String journal, String deadLetters) {

    public static PublishedTopics of(Configuration configuration) {
        return new PublishedTopics(
                configuration.publish().weights().topic(),
                configuration.publish().metrics().topic(),
                configuration.publish().journal().topic(),
                configuration.publish().deadLetter().topic());
    }

    /** All topics a trainer needs, with the policies they need. */
    public static List<TopicSpec> specs(Configuration configuration) {
        PublishedTopics topics = of(configuration);
        List<TopicSpec> specs = new ArrayList<>();
        configuration.source().topics().forEach(topic -> specs.add(TopicSpec.of(topic)));
        specs.add(TopicSpec.compacted(topics.weights()));
        specs.add(TopicSpec.of(topics.metrics(), 1));
        specs.add(TopicSpec.of(topics.journal(), 1));
        specs.add(TopicSpec.of(topics.deadLetters(), 1));
        return specs;
    }
}
