package io.gradstream.pipeline.progress;

import io.gradstream.config.LossType;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Sums from which the metrics of one kind of model follow. */
abstract sealed class Scores permits AnomalyScores, BinaryScores, ClassScores, ValueScores {
    private static final int WEIGHT = 0;
    private static final int LOSS = 1;

    private final double[] sums = new double[2];

    static Scores of(LossType loss) {
        return switch (loss) {
            case BINARY_CROSS_ENTROPY -> new BinaryScores();
            case CROSS_ENTROPY -> new ClassScores();
            case MSE, MAE, HUBER, POISSON -> new ValueScores();
            case RECONSTRUCTION -> new AnomalyScores();
        };
    }

    /** Counts the loss of a row. */
    final void add(double weight, double loss) {
        sums[WEIGHT] += weight;
        sums[LOSS] += weight * loss;
    }

    /** Counts what was predicted for a row against its label. */
    abstract void score(double weight, MemorySegment labels, int row, MemorySegment predictions, int outputs);

    /** Multiplies all sums, and nothing else, by a factor. */
    void scale(double factor) {
        scale(sums, factor);
    }

    abstract void figures(Figures to);

    abstract void blocks(Map<String, double[]> to);

    final void allFigures(Figures to) {
        to.put("loss", sums[LOSS] / sums[WEIGHT]);
        figures(to);
    }

    final void allBlocks(Map<String, double[]> to) {
        to.put("loss", sums);
        blocks(to);
    }

    static void scale(double[] sums, double factor) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] *= factor;
        }
    }
}
