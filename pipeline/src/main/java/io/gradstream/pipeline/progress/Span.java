package io.gradstream.pipeline.progress;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.gradstream.autodiff.step.MicroBatch;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A stretch of the stream that is scored: all of it, or its recent past.
 *
 * <p>The past fades by forward decay (Cormode, Shkapenyuk, Srivastava, Xu, ICDE 2009): instead of shrinking all sums with every row,
 * each row weighs a little more than the one before. Every metric is a ratio of sums, so that only relations count. When the weights
 * become large all sums are scaled down together.
 */
final class Span {
    private static final double LARGEST_SCALE = 0x1p64;

    private static final int ROWS = 0;
    private static final int LEFT_OUT = 1;
    private static final int SCALE = 2;

    private final String name;
    private final String prefix;
    private final double growth;
    private final Scores scores;
    private final double[] counts = new double[3];

    private Span(String name, String prefix, double growth, Scores scores) {
        this.name = name;
        this.prefix = prefix;
        this.growth = growth;
        this.scores = scores;
        restart();
    }

    /** The whole stream. */
    static Span stream(Scores scores) {
        return new Span("stream", "", 1, scores);
    }

    /** The recent past, in which a row counts 1 − 1/{@code rows} times as much as the one after it. */
    static Span recent(Scores scores, int rows) {
        return new Span("recent", "recent_", 1 / (1 - 1.0 / rows), scores);
    }

    String name() {
        return name;
    }

    String prefix() {
        return prefix;
    }

    void restart() {
        counts[SCALE] = 1;
    }

    void score(MicroBatch batch, int row, double loss, MemorySegment predictions, int outputs) {
        double weight = batch.weight().getAtIndex(JAVA_FLOAT, row) * counts[SCALE];
        scores.add(weight, loss);
        scores.score(weight, batch.label(), row, predictions, outputs);
        counts[ROWS]++;
        counts[SCALE] *= growth;
        if (counts[SCALE] > LARGEST_SCALE) {
            scores.scale(1 / counts[SCALE]);
            counts[SCALE] = 1;
        }
    }

    void leaveOut() {
        counts[LEFT_OUT]++;
    }

    void figures(Figures to) {
        scores.allFigures(to);
        to.put("rows", counts[ROWS]);
        to.put("rows_not_finite", counts[LEFT_OUT]);
    }

    /** Everything counted, by name: the arrays themselves. */
    Map<String, double[]> blocks() {
        Map<String, double[]> blocks = new LinkedHashMap<>();
        blocks.put("counts", counts);
        scores.allBlocks(blocks);
        return blocks;
    }
}
