package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import java.lang.foreign.MemorySegment;

/** The kernels of the training step on vectors of F32. */
final class VectorUpdates {
    /** How many parameters an optimizer updates before it sums up what it did to them, while they are in the nearest cache. */
    private static final int CHUNK = 1024;

    private VectorUpdates() {}

    static PreparedCall gradientHealth(Segments segments, Operand gradients, Operand health) {
        Segment[] parts = segments.list().toArray(Segment[]::new);
        Squares squares = new Squares();
        return () -> {
            for (int row = 0; row < parts.length; row++) {
                long from = parts[row].offset() * Float.BYTES;
                PlainUpdates.report(
                        health, row, squares.sum(gradients.data(), from, Math.toIntExact(parts[row].size())));
            }
        };
    }

    /** The rule of an optimizer, over all parameters in chunks. */
    static PreparedCall update(ElementwiseUpdate op, Optimizer operands, Workspace workspace) {
        return new Dense(op, operands, workspace);
    }

    private static final class Dense implements PreparedCall {
        private final Optimizer operands;
        private final VectorRule rule;
        private final VectorRun run;
        private final Segment[] segments;
        private final MemorySegment parameters;
        private final long[] addresses;
        private final long[] blocks;
        private final MemorySegment change;
        private final Squares squares = new Squares();

        Dense(ElementwiseUpdate op, Optimizer operands, Workspace workspace) {
            this.operands = operands;
            rule = VectorRule.of(op);
            segments = op.segments().list().toArray(Segment[]::new);
            parameters = operands.parameters().data();
            addresses = operands.addresses();
            blocks = addresses.clone();
            run = new VectorRun(rule, blocks.length, workspace);
            change = workspace.floats(CHUNK);
        }

        @Override
        public void run() {
            boolean skips = operands.skips();
            rule.begin(operands);
            for (int row = 0; row < segments.length; row++) {
                double squaredUpdate = 0;
                double squaredWeight = 0;
                for (long at = segments[row].offset(); at < segments[row].end(); at += CHUNK) {
                    int count = (int) Math.min(CHUNK, segments[row].end() - at);
                    if (!skips) {
                        updateChunk(at * Float.BYTES, count);
                        squaredUpdate += squares.sum(change, 0, count);
                    }
                    squaredWeight += squares.sum(parameters, at * Float.BYTES, count);
                }
                operands.report(row, squaredUpdate, squaredWeight);
            }
        }

        private void updateChunk(long from, int count) {
            for (int i = 0; i < blocks.length; i++) {
                blocks[i] = addresses[i] + from;
            }
            run.update(blocks, count, change.address());
        }
    }
}
