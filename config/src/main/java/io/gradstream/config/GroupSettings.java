package io.gradstream.config;

import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Range;
import java.util.Optional;

/** Parameters that are trained in a way of their own. */
@Doc("Parameters that are trained in a way of their own.")
public record GroupSettings(
        @Doc("The names of the parameters; * stands for any characters, as in embedding.*.")
        String match,

        @Doc("What the learning rate is multiplied by.") @Default("1") @Range(min = 0)
        double learningRate,

        @Doc("The weight decay in place of the optimizer's (of ftrl: its l2).")
        Optional<@Range(min = 0) Double> weightDecay,

        @Doc("Whether the parameters keep their values.") @Default("false")
        boolean frozen) {}
