package io.gradstream.load.twin;

import io.gradstream.autodiff.step.ParameterView;
import io.gradstream.autodiff.step.TrainingStep;
import java.lang.foreign.MemorySegment;

/** Weights of our training step as arrays. */
public final class OurWeights {
    private OurWeights() {}

    public static void set(TrainingStep step, String name, float[] values) {
        step.setParameter(name, MemorySegment.ofArray(values));
    }

    public static float[] get(TrainingStep step, String name) {
        return step.parameters().stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .map(ParameterView::values)
                .orElseThrow(() -> new IllegalArgumentException("no such parameter: name=" + name));
    }
}
