package io.gradstream.pipeline.batching;

import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.step.MicroBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A fixed number of micro-batches that go round between the batcher, which fills them, and the trainer, which gives them back. */
public final class MicroBatchRing implements AutoCloseable {
    private final ModelSpec model;
    private final int rowsEach;
    private final int size;
    private final List<MicroBatch> all = new ArrayList<>();
    private final Queue<MicroBatch> free = new ConcurrentLinkedQueue<>();

    /** Makes room for at most so many micro-batches; each comes into being when it is needed for the first time. */
    public MicroBatchRing(ModelSpec model, int rowsEach, int size) {
        this.model = model;
        this.rowsEach = rowsEach;
        this.size = size;
    }

    /** A free micro-batch; demand is bounded so that there always is one. */
    MicroBatch take() {
        MicroBatch batch = free.poll();
        if (batch == null) {
            if (all.size() == size) {
                throw new IllegalStateException("more micro-batches are in flight than the ring has: size=" + size);
            }
            batch = new MicroBatch(model, rowsEach);
            all.add(batch);
        }
        batch.rows(0);
        return batch;
    }

    void giveBack(MicroBatch batch) {
        free.add(batch);
    }

    @Override
    public void close() {
        all.forEach(MicroBatch::close);
    }
}
