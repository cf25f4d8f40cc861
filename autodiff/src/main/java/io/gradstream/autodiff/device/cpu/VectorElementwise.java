package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.Segment;
import java.util.List;

/** The walk of an {@link ElementwiseUpdate} on vectors: one pass over memory, in chunks. */
final class VectorElementwise extends VectorWalk {
    private final VectorRule rule;
    private final VectorRun run;
    private final long[] addresses;
    private final long[] blocks;
    private final long change;

    VectorElementwise(ElementwiseUpdate op, List<Operand> operands, Workspace workspace) {
        super(op, operands);
        rule = VectorRule.of(op);
        addresses = this.operands.addresses();
        blocks = addresses.clone();
        run = new VectorRun(rule, blocks.length, workspace);
        change = workspace.floats(CHUNK).address();
    }

    @Override
    void begin() {
        rule.begin(operands);
    }

    @Override
    void update(int row, Segment segment) {
        for (long at = segment.offset(); at < segment.end(); at += CHUNK) {
            int count = (int) Math.min(CHUNK, segment.end() - at);
            for (int i = 0; i < blocks.length; i++) {
                blocks[i] = addresses[i] + at * Float.BYTES;
            }
            run.update(blocks, count, change);
            measure(change, blocks[0], count);
        }
    }
}
