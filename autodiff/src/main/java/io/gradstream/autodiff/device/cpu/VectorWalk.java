package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.Segment;
import java.util.List;

/** An optimizer update on vectors of F32: the walk over the segments, the skipped step, the update statistics. */
abstract class VectorWalk implements PreparedCall {
    /** How many parameters are updated before it is summed up what was done to them, while they are in the nearest cache. */
    static final int CHUNK = 1024;

    final Optimizer operands;
    private final Segment[] segments;
    private final Squares squares = new Squares();
    private double squaredUpdate;
    private double squaredWeight;

    VectorWalk(OptimizerUpdate op, List<Operand> operands) {
        this.operands = Optimizer.of(op, operands);
        segments = op.segments().list().toArray(Segment[]::new);
    }

    /** Begins a step: the scalars of the control block are read and rounded. */
    abstract void begin();

    /** Updates one segment and measures every part of it once. */
    abstract void update(int row, Segment segment);

    @Override
    public final void run() {
        boolean skips = operands.skips();
        begin();
        for (int row = 0; row < segments.length; row++) {
            squaredUpdate = 0;
            squaredWeight = 0;
            if (skips) {
                weigh(segments[row]);
            } else {
                update(row, segments[row]);
            }
            operands.report(row, squaredUpdate, squaredWeight);
        }
    }

    /** Counts the changes and the new values of some parameters. */
    final void measure(long change, long parameters, int count) {
        squaredUpdate += squares.sum(change, count);
        squaredWeight += squares.sum(parameters, count);
    }

    private void weigh(Segment segment) {
        for (long at = segment.offset(); at < segment.end(); at += CHUNK) {
            int count = (int) Math.min(CHUNK, segment.end() - at);
            squaredWeight += squares.sum(operands.parameters().data().address() + at * Float.BYTES, count);
        }
    }
}
