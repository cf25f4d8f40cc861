package io.gradstream.pipeline.progress;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.config.LossType;
import io.gradstream.connectors.topic.NamedTensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The progressive metrics of a training: every row is scored by the prediction made before it was learned from ("Prequential
 * evaluation", Gama, Sebastião, Rodrigues, Machine Learning 2013), over the whole stream and over its recent past.
 *
 * <p>Rows count by their weight. Rows whose prediction or loss is not finite, as an overflow in half precision makes them, are counted
 * and otherwise left out. Not safe to share among threads; observing allocates nothing.
 */
public final class Progress {
    /** The recent past weighs as much as this many rows. */
    public static final int RECENT_ROWS = 10_000;

    private static final String PREFIX = "progress.";

    private final int outputs;
    private final List<Span> spans;

    public Progress(LossType loss, int outputs) {
        this(loss, outputs, RECENT_ROWS);
    }

    Progress(LossType loss, int outputs, int recentRows) {
        this.outputs = outputs;
        this.spans = List.of(Span.stream(Scores.of(loss)), Span.recent(Scores.of(loss), recentRows));
    }

    /**
     * Scores the rows of a micro-batch.
     *
     * @param predictions F32 [rows × outputs]: probabilities or values
     * @param losses F32 [rows], without weights
     */
    public void observe(MicroBatch batch, MemorySegment predictions, MemorySegment losses) {
        for (int row = 0; row < batch.rows(); row++) {
            double loss = losses.getAtIndex(JAVA_FLOAT, row);
            boolean finite = Double.isFinite(loss) && allFinite(predictions, row);
            for (Span span : spans) {
                if (finite) {
                    span.score(batch, row, loss, predictions, outputs);
                } else {
                    span.leaveOut();
                }
            }
        }
    }

    private boolean allFinite(MemorySegment predictions, int row) {
        for (int i = 0; i < outputs; i++) {
            if (!Float.isFinite(predictions.getAtIndex(JAVA_FLOAT, (long) row * outputs + i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The metrics by name, those of the recent past with {@code recent_} before; NaN where rows do not say enough, as an AUC of one class.
     */
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (Span span : spans) {
            span.figures((name, figure) -> figures.put(span.prefix() + name, figure));
        }
        return figures;
    }

    /** Forgets everything. */
    public void reset() {
        blocks().values().forEach(block -> Arrays.fill(block, 0));
        spans.forEach(Span::restart);
    }

    /** Forgets the recent past, as after a rollback or a drift; the scores of the whole stream stay. */
    public void resetRecent() {
        Span recent = spans.getLast();
        recent.blocks().values().forEach(block -> Arrays.fill(block, 0));
        recent.restart();
    }

    /** Everything counted so far, as a value of its own. */
    public List<NamedTensor> snapshot() {
        List<NamedTensor> snapshot = new ArrayList<>();
        blocks().forEach((name, block) -> snapshot.add(NamedTensor.of(name, block, block.length)));
        return snapshot;
    }

    /**
     * Puts back what had been counted.
     *
     * @throws IllegalArgumentException if the snapshot is of another kind of progress
     */
    public void restore(List<NamedTensor> snapshot) {
        Map<String, double[]> found = new HashMap<>();
        snapshot.forEach(block -> found.put(block.name(), block.doubles()));
        Map<String, double[]> blocks = blocks();
        if (!found.keySet().equals(blocks.keySet())) {
            throw new IllegalArgumentException("snapshot must be of the same kind of progress: expected="
                    + blocks.keySet() + " found=" + found.keySet());
        }
        blocks.forEach((name, block) -> {
            double[] values = found.getOrDefault(name, block);
            if (values.length != block.length) {
                throw new IllegalArgumentException("snapshot must have blocks of the same length: name=" + name
                        + " expected=" + block.length + " found=" + values.length);
            }
            System.arraycopy(values, 0, block, 0, block.length);
        });
    }

    private Map<String, double[]> blocks() {
        Map<String, double[]> blocks = new LinkedHashMap<>();
        for (Span span : spans) {
            span.blocks().forEach((name, block) -> blocks.put(PREFIX + span.name() + "." + name, block));
        }
        return blocks;
    }
}
