package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Matches;
import io.gradstream.config.yaml.NotEmpty;
import java.util.List;

/** Where the rows come from. */
@Doc("Where the rows come from.")
public record SourceSettings(
        @Doc("The topics to learn from.") @NotEmpty
        List<@Matches(pattern = Names.TOPIC, words = Names.TOPIC_WORDS) String> topics,

        @Doc("How the rows of a record are encoded.") @Default("arrow")
        SourceFormat format,

        @Doc("Where to start while the trainer has no state of its own; afterwards it goes on from its state.")
        @Default("committed")
        StartPosition start,

        @Doc("The consumer group.") @Default("<name>") @Matches(pattern = Names.TEXT, words = Names.TEXT_WORDS)
        String group,

        @Doc("Records with a larger value go to the dead-letter topic.") @Default("64MiB")
        Size maxRecordSize,

        @Doc("Records whose value takes more memory than this when decompressed go to the dead-letter topic.")
        @Default("256MiB")
        Size maxDecodedSize) {
    public SourceSettings {
        topics = List.copyOf(topics);
    }
}
