package io.gradstream.pipeline.trainer;

import io.gradstream.pipeline.checkpoint.TrainerState;
import java.util.Optional;
import java.util.function.Predicate;

/** The states of before that a model can go back to. */
@FunctionalInterface
public interface Past {
    /** The newest one that is wanted. */
    Optional<TrainerState> newest(Predicate<TrainerState> wanted);
}
