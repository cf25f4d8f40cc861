package io.gradstream.config;

import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Either;
import io.gradstream.config.yaml.Named;
import io.gradstream.config.yaml.Range;

/** What keeps gradients from being too large. */
@Either
public sealed interface ClipSettings {
    /** Scales all gradients down together. */
    record Norm(
            @Doc("The greatest norm that all gradients together may have; larger ones are scaled down together.")
            @Range(above = 0)
            double norm)
            implements ClipSettings {}

    /** Scales down the gradients of each group for themselves. */
    record GroupNorm(
            @Doc(
                    "The greatest norm that the gradients of each of the training groups may have for themselves; this changes the direction of a step, not only its length.")
            @Range(above = 0)
            double groupNorm)
            implements ClipSettings {}

    /** Cuts each gradient off by itself. */
    record Value(
            @Doc("The greatest magnitude that a single gradient may have; larger ones are cut off.") @Range(above = 0)
            double value)
            implements ClipSettings {}

    /** Leaves gradients as they are. */
    @Named("off")
    record Off() implements ClipSettings {}
}
