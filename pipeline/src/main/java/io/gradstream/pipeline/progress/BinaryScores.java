package io.gradstream.pipeline.progress;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Scores of a probability of yes. */
final class BinaryScores extends Scores {
    private final Agreement agreement = new Agreement();
    private final Ranking ranking = new Ranking();
    private final Calibration calibration = new Calibration();

    @Override
    void score(double weight, MemorySegment labels, int row, MemorySegment predictions, int outputs) {
        float probability = predictions.getAtIndex(JAVA_FLOAT, (long) row * outputs);
        boolean yes = labels.getAtIndex(JAVA_FLOAT, row) != 0;
        agreement.add(weight, probability >= 0.5f ? 1 : 0, yes ? 1 : 0);
        ranking.add(weight, probability, yes);
        calibration.add(weight, probability, yes);
    }

    @Override
    void scale(double factor) {
        super.scale(factor);
        agreement.scale(factor);
        ranking.scale(factor);
        calibration.scale(factor);
    }

    @Override
    void figures(Figures to) {
        agreement.figures(to);
        ranking.figures(to);
        calibration.figures(to);
    }

    @Override
    void blocks(Map<String, double[]> to) {
        agreement.blocks(to);
        ranking.blocks(to);
        calibration.blocks(to);
    }
}
