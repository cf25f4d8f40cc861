package io.gradstream.pipeline.progress;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Scores of the probabilities of classes; the first of the most probable ones is the prediction. */
final class ClassScores extends Scores {
    private final Agreement agreement = new Agreement();

    @Override
    void score(double weight, MemorySegment labels, int row, MemorySegment predictions, int outputs) {
        int best = 0;
        float highest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < outputs; i++) {
            float probability = predictions.getAtIndex(JAVA_FLOAT, (long) row * outputs + i);
            if (probability > highest) {
                highest = probability;
                best = i;
            }
        }
        agreement.add(weight, best, labels.getAtIndex(JAVA_INT, row));
    }

    @Override
    void scale(double factor) {
        super.scale(factor);
        agreement.scale(factor);
    }

    @Override
    void figures(Figures to) {
        agreement.figures(to);
    }

    @Override
    void blocks(Map<String, double[]> to) {
        agreement.blocks(to);
    }
}
