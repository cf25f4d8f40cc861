package io.gradstream.pipeline.guard;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.pipeline.progress.Progress;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What was predicted for the micro-batches of a step, kept until it is certain that the step stands. */
final class Predictions {
    private final List<Kept> kept = new ArrayList<>();
    private final int outputs;
    private final int capacity;

    private record Kept(MemorySegment predictions, MemorySegment losses) {}

    Predictions(int outputs, int capacity) {
        this.outputs = outputs;
        this.capacity = capacity;
    }

    /** Keeps what a step has predicted for the i-th of some micro-batches, which is another one of those that it has seen. */
    void keep(int i, TrainingStep step, int seen) {
        while (i >= kept.size()) {
            kept.add(new Kept(
                    MemorySegment.ofArray(new float[capacity * outputs]), MemorySegment.ofArray(new float[capacity])));
        }
        kept.get(i).predictions().copyFrom(step.predictions(seen));
        kept.get(i).losses().copyFrom(step.losses(seen));
    }

    /** Scores the rows of the i-th micro-batch. */
    void score(int i, MicroBatch batch, Progress progress) {
        progress.observe(batch, kept.get(i).predictions(), kept.get(i).losses());
    }

    /** The weighted mean of the losses of the i-th micro-batch that are finite. */
    OptionalDouble loss(int i, MicroBatch batch) {
        double weights = 0;
        double sum = 0;
        for (int row = 0; row < batch.rows(); row++) {
            float loss = kept.get(i).losses().getAtIndex(JAVA_FLOAT, row);
            float weight = batch.weight().getAtIndex(JAVA_FLOAT, row);
            if (Float.isFinite(loss) && weight > 0) {
                weights += weight;
                sum += (double) weight * loss;
            }
        }
        return weights > 0 ? OptionalDouble.of(sum / weights) : OptionalDouble.empty();
    }
}
