package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static io.gradstream.autodiff.device.cpu.VectorMath.splat;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.gradstream.autodiff.op.AdamUpdate;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import io.gradstream.autodiff.op.SgdUpdate;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The kernels of the training step on vectors of F32. */
final class VectorUpdates {
    /** How many parameters an optimizer updates before it sums up what it did to them, while they are in the nearest cache. */
    private static final int CHUNK = 1024;

    private static final int LANES = FLOATS.length();

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

    static PreparedCall sgd(SgdUpdate op, Optimizer operands, Workspace workspace) {
        return new Sgd(op, operands, workspace);
    }

    static PreparedCall adam(AdamUpdate op, Optimizer operands, Workspace workspace) {
        return new Adam(op, operands, workspace);
    }

    /** A pass over all parameters in chunks; those that do not fill a vector are updated in a copy that does. */
    private abstract static class Update implements PreparedCall {
        final Optimizer operands;
        private final Segment[] segments;
        private final MemorySegment[] blocks;
        private final MemorySegment[] rest;
        private final long[] addresses;
        private final long[] restAddresses;
        private final MemorySegment change;
        private final Squares squares = new Squares();

        Update(Segments segments, Optimizer operands, Workspace workspace) {
            this.operands = operands;
            this.segments = segments.list().toArray(Segment[]::new);
            blocks = new MemorySegment[2 + operands.moments().size()];
            blocks[0] = operands.parameters().data();
            blocks[1] = operands.gradients().data();
            rest = new MemorySegment[blocks.length];
            addresses = new long[blocks.length];
            restAddresses = new long[blocks.length];
            for (int i = 0; i < blocks.length; i++) {
                if (i >= 2) {
                    blocks[i] = operands.moments().get(i - 2).data();
                }
                rest[i] = workspace.floats(LANES);
                addresses[i] = blocks[i].address();
                restAddresses[i] = rest[i].address();
            }
            change = workspace.floats(CHUNK);
        }

        /** Reads the step's scalars. */
        abstract void prepare(Operand control);

        /** Updates whole vectors at a byte offset from the addresses of all blocks, and writes what was added to the parameters. */
        abstract void update(long[] blocks, long from, int count, long change);

        @Override
        public void run() {
            boolean skips = operands.skips();
            prepare(operands.control());
            for (int row = 0; row < segments.length; row++) {
                double squaredUpdate = 0;
                double squaredWeight = 0;
                for (long at = segments[row].offset(); at < segments[row].end(); at += CHUNK) {
                    int count = (int) Math.min(CHUNK, segments[row].end() - at);
                    if (!skips) {
                        updateChunk(at * Float.BYTES, count);
                        squaredUpdate += squares.sum(change, 0, count);
                    }
                    squaredWeight += squares.sum(blocks[0], at * Float.BYTES, count);
                }
                operands.report(row, squaredUpdate, squaredWeight);
            }
        }

        /** Whole vectors in the first pass, the rest in a second, so that there is one call for the compiler to inline. */
        private void updateChunk(long from, int count) {
            int bound = FLOATS.loopBound(count);
            long at = (long) bound * Float.BYTES;
            long bytes = (long) (count - bound) * Float.BYTES;
            for (int i = 0; bytes > 0 && i < blocks.length; i++) {
                MemorySegment.copy(blocks[i], from + at, rest[i], 0, bytes);
            }
            for (int pass = bound > 0 ? 0 : 1; pass < (bytes > 0 ? 2 : 1); pass++) {
                boolean whole = pass == 0;
                update(
                        whole ? addresses : restAddresses,
                        whole ? from : 0,
                        whole ? bound : LANES,
                        whole ? change.address() : change.address() + at);
            }
            for (int i = 0; bytes > 0 && i < blocks.length; i++) {
                MemorySegment.copy(rest[i], 0, blocks[i], from + at, bytes);
            }
        }
    }

    private static final class Sgd extends Update {
        private final float momentum;
        private final float damping;
        private final boolean nesterov;
        private final float decay;
        private float factor;
        private float rate;
        private boolean first;

        Sgd(SgdUpdate op, Optimizer operands, Workspace workspace) {
            super(op.segments(), operands, workspace);
            momentum = (float) op.momentum();
            damping = (float) (1 - op.dampening());
            nesterov = op.nesterov();
            decay = (float) op.weightDecay();
        }

        @Override
        void prepare(Operand control) {
            factor = (float) control.get(Control.GRADIENT_FACTOR.slot());
            rate = (float) control.get(Control.LEARNING_RATE.slot());
            first = control.get(Control.STEP_COUNT.slot()) == 1;
        }

        @Override
        void update(long[] blocks, long from, int count, long change) {
            if (momentum == 0) {
                plain(blocks[0] + from, blocks[1] + from, count, change);
            } else {
                withMomentum(blocks[0] + from, blocks[1] + from, blocks[2] + from, count, change);
            }
        }

        private void plain(long parameters, long gradients, int count, long change) {
            for (int i = 0; i < count; i += LANES) {
                long at = (long) i * Float.BYTES;
                FloatVector p = load(parameters + at);
                FloatVector g = p.fma(splat(decay), load(gradients + at).mul(factor));
                store(p, p.sub(g.mul(rate)), parameters + at, change + at);
            }
        }

        private void withMomentum(long parameters, long gradients, long moments, int count, long change) {
            float keep = first ? 0 : momentum;
            float add = first ? 1 : damping;
            float ahead = nesterov ? momentum : 1;
            float present = nesterov ? 1 : 0;
            for (int i = 0; i < count; i += LANES) {
                long at = (long) i * Float.BYTES;
                FloatVector p = load(parameters + at);
                FloatVector g = p.fma(splat(decay), load(gradients + at).mul(factor));
                FloatVector b = flush(load(moments + at).mul(keep).add(g.mul(add)));
                b.intoMemorySegment(MEMORY, moments + at, LITTLE_ENDIAN);
                FloatVector direction = b.fma(splat(ahead), g.mul(present));
                store(p, p.sub(direction.mul(rate)), parameters + at, change + at);
            }
        }
    }

    private static final class Adam extends Update {
        private final AdamUpdate op;
        private float factor;
        private float shrink;
        private float decay;
        private float stepSize;
        private float correction;

        Adam(AdamUpdate op, Optimizer operands, Workspace workspace) {
            super(op.segments(), operands, workspace);
            this.op = op;
        }

        @Override
        void prepare(Operand control) {
            double rate = control.get(Control.LEARNING_RATE.slot());
            double steps = control.get(Control.STEP_COUNT.slot());
            factor = (float) control.get(Control.GRADIENT_FACTOR.slot());
            shrink = op.decoupled() ? (float) (1 - rate * op.weightDecay()) : 1;
            decay = op.decoupled() ? 0 : (float) op.weightDecay();
            stepSize = (float) (rate / (1 - Math.pow(op.beta1(), steps)));
            correction = (float) (1 / Math.sqrt(1 - Math.pow(op.beta2(), steps)));
        }

        @Override
        void update(long[] blocks, long from, int count, long change) {
            update(blocks[0] + from, blocks[1] + from, blocks[2] + from, blocks[3] + from, count, change);
        }

        private void update(long parameters, long gradients, long first, long second, int count, long change) {
            float gain1 = (float) (1 - op.beta1());
            float keep2 = (float) op.beta2();
            float gain2 = (float) (1 - op.beta2());
            float epsilon = (float) op.epsilon();
            for (int i = 0; i < count; i += LANES) {
                long at = (long) i * Float.BYTES;
                FloatVector before = load(parameters + at);
                FloatVector g = before.fma(splat(decay), load(gradients + at).mul(factor));
                FloatVector m = load(first + at);
                m = flush(g.sub(m).fma(splat(gain1), m));
                m.intoMemorySegment(MEMORY, first + at, LITTLE_ENDIAN);
                FloatVector v = g.mul(g).fma(splat(gain2), load(second + at).mul(keep2));
                v = v.blend(0f, v.compare(VectorOperators.LT, (float) OptimizerUpdate.SECOND_MOMENT_FLUSH));
                v.intoMemorySegment(MEMORY, second + at, LITTLE_ENDIAN);
                FloatVector direction = m.mul(stepSize).div(v.sqrt().fma(splat(correction), splat(epsilon)));
                store(before, before.mul(shrink).sub(direction), parameters + at, change + at);
            }
        }
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(FLOATS, MEMORY, address, LITTLE_ENDIAN);
    }

    private static void store(FloatVector before, FloatVector after, long address, long change) {
        after.intoMemorySegment(MEMORY, address, LITTLE_ENDIAN);
        after.sub(before).intoMemorySegment(MEMORY, change, LITTLE_ENDIAN);
    }

    private static FloatVector flush(FloatVector moment) {
        return moment.blend(0f, moment.abs().compare(VectorOperators.LT, (float) OptimizerUpdate.FIRST_MOMENT_FLUSH));
    }
}
