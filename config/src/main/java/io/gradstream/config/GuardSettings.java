package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Range;
import java.util.Optional;

/** What watches over a model in training. */
@Doc("What watches over a model in training.")
public record GuardSettings(
        @Doc("What becomes of rows that make a step not finite.") @Default("{}")
        PoisonSettings poison,

        @Doc("The recent past of the progressive loss, in rows, by which rollback and publish judge a model.")
        @Default("10000")
        @Range(min = 1)
        long recentRows,

        @Doc("Watches the progressive loss for a change of the stream; nobody watches if not given.")
        Optional<DriftSettings> drift,

        @Doc("Takes the model back when it diverges; it goes on as it is if not given.")
        Optional<RollbackSettings> rollback,

        @Doc("What a version must be to be published; every version is if not given.")
        Optional<GateSettings> publish) {}
