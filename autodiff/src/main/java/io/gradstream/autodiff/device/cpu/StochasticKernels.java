package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.gradstream.autodiff.op.Draws;
import io.gradstream.autodiff.op.Dropout;
import io.gradstream.autodiff.op.Philox;
import io.gradstream.autodiff.op.Stochastic;
import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Random numbers, a group of words at a time. */
final class StochasticKernels {
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    private final WordSource source;
    private final Operand counter;
    private final Operand out;
    private final int[] words = new int[Draws.GROUP];

    private StochasticKernels(Stochastic op, List<Operand> in, Operand out, boolean vectors) {
        source = vectors && VectorPhilox.isAvailable() ? new VectorPhilox(op.draws()) : op.draws()::fill;
        counter = in.getLast();
        this.out = out;
    }

    static PreparedCall dropout(Dropout op, List<Operand> in, Operand out, boolean vectors) {
        StochasticKernels kernel = new StochasticKernels(op, in, out, vectors);
        Operand x = in.getFirst();
        return vectors ? () -> kernel.vectorDropout(op, x.data()) : () -> kernel.dropout(op, x);
    }

    static PreparedCall uniform(Stochastic op, List<Operand> in, Operand out, boolean vectors) {
        StochasticKernels kernel = new StochasticKernels(op, in, out, vectors);
        return kernel::uniform;
    }

    static PreparedCall normal(Stochastic op, List<Operand> in, Operand out, boolean vectors) {
        StochasticKernels kernel = new StochasticKernels(op, in, out, vectors);
        return kernel::normal;
    }

    private void dropout(Dropout op, Operand x) {
        long count = count();
        for (int i = 0; i < out.size(); i++) {
            if (i % Draws.GROUP == 0) {
                source.fill(count, i / Draws.GROUP, words);
            }
            out.set(i, words[i % Draws.GROUP] >>> 8 >= op.threshold() ? x.get(i) * op.scale() : 0);
        }
    }

    private void vectorDropout(Dropout op, MemorySegment x) {
        long count = count();
        int size = out.size();
        float scale = (float) op.scale();
        int threshold = op.threshold();
        for (int from = 0; from < size; from += Draws.GROUP) {
            source.fill(count, from / Draws.GROUP, words);
            long at = (long) from * Float.BYTES;
            if (size - from >= Draws.GROUP) {
                keep(words, threshold, scale, x.address() + at, out.data().address() + at);
            } else {
                keepSome(words, threshold, scale, x.address() + at, out.data().address() + at, size - from);
            }
        }
    }

    private static void keepSome(int[] words, int threshold, float scale, long in, long out, int count) {
        for (int i = 0; i < count; i++) {
            long at = (long) i * Float.BYTES;
            boolean kept = words[i] >>> 8 >= threshold;
            MEMORY.set(FLOAT, out + at, kept ? MEMORY.get(FLOAT, in + at) * scale : 0);
        }
    }

    private static void keep(int[] words, int threshold, float scale, long in, long out) {
        for (int i = 0; i < Draws.GROUP; i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            VectorMask<Float> dropped = IntVector.fromArray(INTS, words, i)
                    .lanewise(VectorOperators.LSHR, 8)
                    .compare(VectorOperators.LT, threshold)
                    .cast(FLOATS);
            FloatVector.fromMemorySegment(FLOATS, MEMORY, in + at, LITTLE_ENDIAN)
                    .mul(scale)
                    .blend(0f, dropped)
                    .intoMemorySegment(MEMORY, out + at, LITTLE_ENDIAN);
        }
    }

    private void uniform() {
        long count = count();
        for (int i = 0; i < out.size(); i++) {
            if (i % Draws.GROUP == 0) {
                source.fill(count, i / Draws.GROUP, words);
            }
            out.data().set(FLOAT, (long) i * Float.BYTES, Philox.uniformOf(words[i % Draws.GROUP]));
        }
    }

    /** Two words for an element: neighbours in a block. */
    private void normal() {
        long count = count();
        int pairs = Draws.GROUP / 2;
        for (int i = 0; i < out.size(); i++) {
            int within = i % pairs;
            if (within == 0) {
                source.fill(count, i / pairs, words);
            }
            int place = within + within / Draws.BLOCKS * Draws.BLOCKS;
            float value = Philox.normalOf(words[place], words[place + Draws.BLOCKS]);
            out.data().set(FLOAT, (long) i * Float.BYTES, value);
        }
    }

    private long count() {
        return Draws.count(counter.get(0));
    }
}
