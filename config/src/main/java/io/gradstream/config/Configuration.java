package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Matches;
import io.gradstream.config.yaml.NotEmpty;
import io.gradstream.config.yaml.Parts;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything a trainer is told. */
@Doc("The configuration of a Gradstream trainer.")
public record Configuration(
        @Doc("Names topics, consumer group and transactional id unless they are given.")
        @Matches(pattern = Names.NAME, words = Names.NAME_WORDS)
        String name,

        @Doc("How to reach the Kafka brokers.") @Default("{}")
        KafkaSettings kafka,

        @Doc("Where the rows come from.") SourceSettings source,

        @Doc("The inputs of the model, in its order.") @NotEmpty
        List<FeatureSettings> features,

        @Doc("What the model learns to predict; must be given unless the loss is reconstruction.")
        Optional<LabelSettings> label,

        @Doc("How much each row counts; all the same if not given.")
        Optional<WeightSettings> weight,

        @Doc("The model and where its first weights come from.")
        ModelSettings model,

        @Doc("What training makes small.") LossType loss,

        @Doc("How rows become optimizer steps.") @Default("{}")
        TrainingSettings training,

        @Doc("What watches over the model.") @Default("{}") GuardSettings guard,

        @Doc("What goes out, where and how often.") @Default("{}")
        PublishSettings publish,

        @Doc("Where the trainer's state is kept.") @Default("{}")
        CheckpointSettings checkpoint,

        @Doc("When training ends cleanly by itself.") @Default("{}")
        StopSettings stop,

        @Doc("The trainer's own server.") @Default("{}") HttpSettings http,

        @Doc(
                "What a second instance of the same name does while another one trains: wait takes over as soon as that one is gone, exit"
                        + " ends with an error.")
        @Default("wait")
        Standby standby) {
    public Configuration {
        features = List.copyOf(features);
        ConfigurationRules.require(new Parts(Map.of(
                "source",
                source,
                "features",
                features,
                "label",
                label,
                "weight",
                weight,
                "model",
                model,
                "loss",
                loss,
                "training",
                training,
                "publish",
                publish,
                "checkpoint",
                checkpoint)));
    }

    /** The whole configuration as YAML, defaults included, with masks in place of secrets. */
    public String effectiveYaml() {
        return ConfigurationLoader.BINDER.write(this);
    }

    /** The same as sections, lists, texts, numbers and flags. */
    public Map<String, Object> effective() {
        return ConfigurationLoader.BINDER.tree(this);
    }
}
