package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Matches;
import io.gradstream.config.yaml.Range;
import java.nio.file.Path;
import java.util.Optional;

/** Where the trainer's state is kept. */
@Doc("Where the trainer's state is kept.")
public record CheckpointSettings(
        @Doc("The directory of the checkpoints.") @Default("data/<name>")
        Path directory,

        @Doc("How often a checkpoint is written.") @Default("1000 steps")
        Every every,

        @Doc("How many of the newest are kept.") @Default("3") @Range(min = 1, max = 1000)
        int keep,

        @Doc(
                "A topic on which every checkpoint is published too, for a trainer that has lost its directory; none if not given.")
        Optional<@Matches(pattern = Names.TOPIC, words = Names.TOPIC_WORDS) String> topic) {}
