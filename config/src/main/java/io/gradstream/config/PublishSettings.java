package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Matches;

/** What goes out, where and how often. */
@Doc("What goes out, where and how often.")
public record PublishSettings(
        @Doc("The weights.") @Default("{}") Weights weights,
        @Doc("The metrics of training.") @Default("{}") Metrics metrics,
        @Doc("The rows of every step.") @Default("{}") Journal journal,

        @Doc("Records and rows that cannot be used.") @Default("{}")
        DeadLetter deadLetter,

        @Doc("The id that keeps a second trainer of the same name from publishing.")
        @Default("<name>")
        @Matches(pattern = Names.TEXT, words = Names.TEXT_WORDS)
        String transactionalId) {

    /** Where weights go and how often. */
    @Doc("Where weights go and how often.")
    public record Weights(
            @Doc("The topic of the weights.")
            @Default("<name>.weights")
            @Matches(pattern = Names.TOPIC, words = Names.TOPIC_WORDS)
            String topic,

            @Doc("How often a version is published.") @Default("100 steps")
            Every every,

            @Doc("Whether a version carries all slices or those that changed.") @Default("delta")
            WeightsMode mode,

            @Doc("Tensors that are larger are cut into slices of rows.") @Default("512KiB")
            Size sliceSize) {}

    /** Where metrics go and how often. */
    @Doc("Where metrics go and how often.")
    public record Metrics(
            @Doc("The topic of the metrics.")
            @Default("<name>.metrics")
            @Matches(pattern = Names.TOPIC, words = Names.TOPIC_WORDS)
            String topic,

            @Doc("How often metrics are published.") @Default("1 step")
            Every every) {}

    /** Where the journal goes. */
    @Doc("Where the journal goes.")
    public record Journal(
            @Doc("The topic of the journal.")
            @Default("<name>.journal")
            @Matches(pattern = Names.TOPIC, words = Names.TOPIC_WORDS)
            String topic) {}

    /** Where dead letters go. */
    @Doc("Where dead letters go.")
    public record DeadLetter(
            @Doc("The topic of the dead letters.")
            @Default("<name>.dead")
            @Matches(pattern = Names.TOPIC, words = Names.TOPIC_WORDS)
            String topic) {}
}
