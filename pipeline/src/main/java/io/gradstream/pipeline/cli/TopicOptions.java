package io.gradstream.pipeline.cli;

import io.gradstream.config.Configuration;
import io.gradstream.config.ConfigurationLoader;
import io.gradstream.connectors.kafka.Logins;
import io.gradstream.connectors.topic.TopicReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of commands that look at topics: a configuration that knows them, or a broker and the name of a model or topic. */
final class TopicOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration of the trainer, which knows broker, model and topics.")
    private @Nullable Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Counts before the file; may be given again.")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "The broker, where no configuration names it (default: localhost:9092).")
    private @Nullable String bootstrap;

    @Option(names = "--name", paramLabel = "MODEL", description = "The model, where no configuration names it.")
    private @Nullable String name;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description =
                    "The topic, where it is not that of the configuration or the model's name with the usual ending.")
    private @Nullable String topic;

    private @Nullable Configuration loaded;

    /** The configuration, if one is given. */
    @Nullable
    Configuration configuration() {
        if (loaded == null && file != null) {
            loaded = ConfigurationLoader.load(file, overrides, System.getenv());
        }
        return loaded;
    }

    String model(CommandSpec spec) {
        Configuration configuration = configuration();
        if (name != null) {
            return name;
        }
        if (configuration != null) {
            return configuration.name();
        }
        throw new ParameterException(spec.commandLine(), "one of -c FILE and --name MODEL is needed");
    }

    /** The topic itself, whichever way it is named. */
    @Nullable
    String topic() {
        return topic;
    }

    TopicReader reader(String topicName) {
        return new TopicReader(bootstrap(), topicName, properties());
    }

    String bootstrap() {
        Configuration configuration = configuration();
        if (bootstrap != null) {
            return bootstrap;
        }
        return configuration == null ? "localhost:9092" : configuration.kafka().bootstrap();
    }

    Map<String, Object> properties() {
        Configuration configuration = configuration();
        Map<String, Object> properties = new HashMap<>();
        if (configuration != null) {
            properties.putAll(configuration.kafka().properties());
            Logins.check(properties);
        }
        properties.put("bootstrap.servers", bootstrap());
        return properties;
    }
}
