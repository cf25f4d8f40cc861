package io.gradstream.gpu.device;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.gradstream.autodiff.nn.InputColumn.Sequence;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.step.MicroBatch;
import java.util.SplittableRandom;

/** Rows that follow from a seed, for any model with one output: ids meet often, bags and sequences may be empty, labels are 0 or 1. */
final class DrawnRows {
    private static final int MOST_IDS = 3;

    private final ModelSpec model;
    private final MicroBatch batch;
    private final SplittableRandom random;

    private DrawnRows(ModelSpec model, MicroBatch batch, long seed) {
        this.model = model;
        this.batch = batch;
        random = new SplittableRandom(seed);
    }

    /** Fills a micro-batch. */
    static void fill(MicroBatch batch, ModelSpec model, long seed) {
        new DrawnRows(model, batch, seed).fill();
    }

    private void fill() {
        batch.rows(batch.capacity());
        for (int row = 0; row < batch.capacity(); row++) {
            row(row);
        }
        for (int column = 0; column < model.bags().size(); column++) {
            bags(column, model.bags().get(column).buckets());
        }
    }

    private void row(int row) {
        int numerics = model.numerics().size();
        for (int column = 0; column < numerics; column++) {
            batch.dense().setAtIndex(JAVA_FLOAT, (long) row * numerics + column, (float) random.nextDouble(-1, 1));
        }
        for (int column = 0; column < model.categoricals().size(); column++) {
            int buckets = model.categoricals().get(column).buckets();
            batch.ids(column).setAtIndex(JAVA_INT, row, random.nextInt(buckets));
        }
        for (int column = 0; column < model.sequences().size(); column++) {
            sequence(row, column, model.sequences().get(column));
        }
        batch.label().setAtIndex(JAVA_FLOAT, row, random.nextInt(2));
    }

    private void sequence(int row, int column, Sequence sequence) {
        batch.sequenceLengths(column).setAtIndex(JAVA_INT, row, random.nextInt(sequence.length() + 1));
        for (int item = 0; item < sequence.length(); item++) {
            long at = (long) row * sequence.length() + item;
            batch.sequenceIds(column).setAtIndex(JAVA_INT, at, random.nextInt(sequence.buckets()));
        }
    }

    private void bags(int column, int buckets) {
        int end = 0;
        for (int row = 0; row < batch.capacity(); row++) {
            batch.bagOffsets(column).setAtIndex(JAVA_INT, row, end);
            int count = random.nextInt(MOST_IDS + 1);
            batch.ensureBagCapacity(column, end + count);
            for (int i = 0; i < count; i++) {
                batch.bagIds(column).setAtIndex(JAVA_INT, end + i, random.nextInt(buckets));
            }
            end += count;
        }
        batch.bagOffsets(column).setAtIndex(JAVA_INT, batch.capacity(), end);
    }
}
