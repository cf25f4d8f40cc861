package io.gradstream.pipeline.guard;

import io.gradstream.autodiff.step.StepReport;
import java.util.List;
import java.util.Optional;

/**
 * What became of the rows of a step.
 *
 * @param report none if the model is as it was, because no row weighs anything or nothing could be learned from them
 * @param learningRate the rate they were learned with
 * @param poisoned the places, among all rows of the step, of those that were left out because they made it not finite
 */
public record Learned(
        Optional<StepReport> report, double learningRate, List<Integer> poisoned, List<GuardEvent> events) {
    public Learned {
        poisoned = List.copyOf(poisoned);
        events = List.copyOf(events);
    }
}
