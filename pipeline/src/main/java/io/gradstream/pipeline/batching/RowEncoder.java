package io.gradstream.pipeline.batching;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.connectors.rows.RowBlock;
import io.gradstream.connectors.topic.NamedTensor;
import java.util.List;

/** Turns decoded rows into the model's inputs. */
public interface RowEncoder {
    /**
     * Writes rows behind those that a micro-batch already has.
     *
     * @param from the first row, counted within the block
     * @param count how many; there is room for all of them
     */
    void encode(RowBlock block, int from, int count, MicroBatch into, Rejections rejections);

    /** What the encoder has learned from all rows so far, as a value of its own. */
    List<NamedTensor> state();

    /** Hears of rows that cannot be learned from; they take no place in the micro-batch. */
    @FunctionalInterface
    interface Rejections {
        /**
         * A row is left out.
         *
         * @param row counted within the block
         */
        void reject(int row, String reason, String detail);
    }
}
