package io.gradstream.pipeline.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/** The score over the last so many rows, in whole steps. */
final class ScoreWindow {
    private record Step(int rows, double loss, double best) {}

    private final int size;
    private final Deque<Step> steps = new ArrayDeque<>();
    private int rows;

    ScoreWindow(int size) {
        this.size = size;
    }

    /** Adds a step by the sums of its rows' losses. */
    void add(int count, double loss, double best) {
        steps.add(new Step(count, loss, best));
        rows += count;
        while (rows - steps.element().rows() >= size) {
            rows -= steps.remove().rows();
        }
    }

    Score score() {
        double loss = 0;
        double best = 0;
        for (Step step : steps) {
            loss += step.loss();
            best += step.best();
        }
        return new Score(loss / rows, best / rows);
    }
}
