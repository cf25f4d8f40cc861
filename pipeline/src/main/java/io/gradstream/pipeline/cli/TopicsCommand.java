package io.gradstream.pipeline.cli;

import io.gradstream.config.Configuration;
import io.gradstream.connectors.kafka.EnsuredTopic;
import io.gradstream.connectors.kafka.Topics;
import io.gradstream.pipeline.KafkaClients;
import io.gradstream.pipeline.publish.PublishedTopics;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes sure that the topics of a trainer exist. */
@Command(name = "topics", description = "Creates the topics that are missing, with the right policies.")
final class TopicsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigurationOptions options;

    @Override
    public void run() {
        Configuration configuration = options.load();
        PrintWriter out = spec.commandLine().getOut();
        try (KafkaClients kafka = KafkaClients.of(configuration);
                Topics topics = new Topics(kafka.properties())) {
            for (EnsuredTopic topic : topics.ensure(PublishedTopics.specs(configuration))) {
                out.println(topic.spec().name()
                        + (topic.created() ? "  created" : "  exists")
                        + (topic.differences().isEmpty() ? "" : "  " + String.join(" ", topic.differences())));
            }
        }
    }
}
