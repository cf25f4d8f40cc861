package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.gradstream.autodiff.op.ElementwiseUpdate;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * An {@link ElementwiseUpdate} on vectors: one pass over memory in chunks, each of which is updated, measured and, where that is asked for,
 * its gradients cleared while it is in the nearest cache. Parts of the pass may run at the same time; their sums are added in order.
 */
final class VectorElementwise implements PreparedCall {
    private static final int CHUNK = 1024;

    private final Optimizer operands;
    private final VectorRule rule;
    private final boolean clears;
    private final Part[] parts;
    private final PreparedCall all;
    private final MemorySegment[] gaps;
    private final double[] squaredUpdates;
    private final double[] squaredWeights;
    private boolean skips;

    VectorElementwise(ElementwiseUpdate op, boolean clears, List<Operand> operands, Workspace workspace) {
        this.operands = Optimizer.of(op, operands);
        this.clears = clears;
        rule = VectorRule.of(op);
        parts = Stretch.parts(op.segments()).stream()
                .map(part -> new Part(part, workspace))
                .toArray(Part[]::new);
        all = workspace.team().prepare(List.of(parts));
        gaps = clears ? gaps(op.segments(), operands.get(1)) : new MemorySegment[0];
        squaredUpdates = new double[op.segments().count()];
        squaredWeights = new double[op.segments().count()];
    }

    @Override
    public void run() {
        skips = operands.skips();
        rule.begin(operands);
        all.run();
        Arrays.fill(squaredUpdates, 0);
        Arrays.fill(squaredWeights, 0);
        for (Part part : parts) {
            part.updates.addTo(squaredUpdates);
            part.weights.addTo(squaredWeights);
        }
        for (int row = 0; row < squaredWeights.length; row++) {
            operands.report(row, squaredUpdates[row], squaredWeights[row]);
        }
        for (MemorySegment gap : gaps) {
            gap.fill((byte) 0);
        }
    }

    /** What lies between the segments. */
    private static MemorySegment[] gaps(Segments segments, Operand gradients) {
        List<MemorySegment> gaps = new ArrayList<>();
        long end = 0;
        for (Segment segment : segments.list()) {
            gaps.add(bytes(gradients, end, segment.offset()));
            end = segment.end();
        }
        gaps.add(bytes(gradients, end, gradients.size()));
        return gaps.stream().filter(gap -> gap.byteSize() > 0).toArray(MemorySegment[]::new);
    }

    private static MemorySegment bytes(Operand block, long from, long to) {
        return block.data().asSlice(from * Float.BYTES, (to - from) * Float.BYTES);
    }

    private final class Part implements PreparedCall {
        private final Stretch[] stretches;
        private final VectorRun run;
        private final long[] addresses = operands.addresses();
        private final long[] blocks = addresses.clone();
        private final MemorySegment change;
        private final Squares squares = new Squares();
        private final StretchSums updates;
        private final StretchSums weights;

        Part(List<Stretch> part, Workspace workspace) {
            stretches = part.toArray(Stretch[]::new);
            run = new VectorRun(rule, blocks.length, workspace);
            change = workspace.floats(CHUNK);
            updates = new StretchSums(stretches);
            weights = new StretchSums(stretches);
        }

        @Override
        public void run() {
            MemorySegment parameters = operands.parameters().data();
            for (int i = 0; i < stretches.length; i++) {
                double squaredUpdate = 0;
                double squaredWeight = 0;
                long end = stretches[i].offset() + stretches[i].count();
                for (long at = stretches[i].offset(); at < end; at += CHUNK) {
                    int count = (int) Math.min(CHUNK, end - at);
                    if (!skips) {
                        update(at * Float.BYTES, count);
                        squaredUpdate += squares.sum(change, 0, count);
                    }
                    if (clears) {
                        clear(addresses[1] + at * Float.BYTES, count);
                    }
                    squaredWeight += squares.sum(parameters, at * Float.BYTES, count);
                }
                updates.set(i, squaredUpdate);
                weights.set(i, squaredWeight);
            }
        }

        private void update(long from, int count) {
            for (int i = 0; i < blocks.length; i++) {
                blocks[i] = addresses[i] + from;
            }
            run.update(blocks, count, change.address());
        }
    }

    private static void clear(long from, int count) {
        int bound = FLOATS.loopBound(count);
        for (int i = 0; i < bound; i += FLOATS.length()) {
            FloatVector.zero(FLOATS).intoMemorySegment(MEMORY, from + (long) i * Float.BYTES, LITTLE_ENDIAN);
        }
        for (int i = bound; i < count; i++) {
            MEMORY.set(FLOAT, from + (long) i * Float.BYTES, 0f);
        }
    }
}
