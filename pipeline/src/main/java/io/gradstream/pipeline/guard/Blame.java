package io.gradstream.pipeline.guard;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.ParameterView;
import io.gradstream.autodiff.step.TrainingStep;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds out which rows made a step not finite: by trying halves of them, and halves of the halves that are not finite, without a trace in
 * the model. A row is to blame when it alone is not finite under the lowest loss scale; then no scale could help. k rows among n are found
 * in about 2·k·log₂(n) tries.
 */
final class Blame {
    private static final double LOWEST_SCALE = 1;

    private final TrainingStep step;
    private final int mostTries;

    Blame(TrainingStep step, int mostTries) {
        this.step = step;
        this.mostTries = mostTries;
    }

    /** Looks for the reason, between two steps; the rows stay as they are. */
    Verdict judge(List<MicroBatch> rows, double learningRate) {
        Optional<String> broken = notFinite();
        if (broken.isPresent()) {
            return new Verdict.Model(broken.get());
        }
        if (step.lossScale() > LOWEST_SCALE && step.isFinite(rows, learningRate, LOWEST_SCALE)) {
            return new Verdict.Overflow();
        }
        try (Search search = new Search(rows, learningRate)) {
            return search.run();
        }
    }

    private Optional<String> notFinite() {
        for (ParameterView parameter : step.parameters()) {
            for (float value : parameter.values()) {
                if (!Float.isFinite(value)) {
                    return Optional.of(parameter.name());
                }
            }
        }
        return Optional.empty();
    }

    private final class Search implements AutoCloseable {
        private final List<MicroBatch> rows;
        private final double learningRate;
        private final List<MicroBatch> parts;
        private final BitSet blamed = new BitSet();
        private int tries;
        private boolean lost;

        Search(List<MicroBatch> rows, double learningRate) {
            this.rows = rows;
            this.learningRate = learningRate;
            this.parts = IntStream.range(0, rows.size())
                    .mapToObj(
                            _ -> new MicroBatch(step.spec().model(), step.spec().microBatch()))
                    .toList();
        }

        Verdict run() {
            int all = rows.stream().mapToInt(MicroBatch::rows).sum();
            split(0, all);
            boolean some = !blamed.isEmpty() && blamed.cardinality() < all;
            if (lost || !some || !isFinite(without(all))) {
                return new Verdict.Nobody(tries);
            }
            return new Verdict.Rows(blamed);
        }

        /** Goes into a stretch that is not finite. */
        private void split(int from, int to) {
            if (to - from == 1) {
                blamed.set(from);
                return;
            }
            int middle = (from + to) >>> 1;
            boolean first = isFinite(stretch(from, middle));
            boolean second = isFinite(stretch(middle, to));
            lost |= (first && second) || tries >= mostTries;
            if (!first && !lost) {
                split(from, middle);
            }
            if (!second && !lost) {
                split(middle, to);
            }
        }

        private static BitSet stretch(int from, int to) {
            BitSet stretch = new BitSet();
            stretch.set(from, to);
            return stretch;
        }

        private BitSet without(int all) {
            BitSet others = stretch(0, all);
            others.andNot(blamed);
            return others;
        }

        private boolean isFinite(BitSet wanted) {
            tries++;
            List<MicroBatch> some = new ArrayList<>();
            int first = 0;
            for (int i = 0; i < rows.size(); i++) {
                MicroBatch batch = rows.get(i);
                MicroBatch part = parts.get(i);
                part.take(batch, wanted.get(first, first + batch.rows()));
                first += batch.rows();
                if (part.rows() > 0) {
                    some.add(part);
                }
            }
            return step.isFinite(some, learningRate, LOWEST_SCALE);
        }

        @Override
        public void close() {
            parts.forEach(MicroBatch::close);
        }
    }
}
