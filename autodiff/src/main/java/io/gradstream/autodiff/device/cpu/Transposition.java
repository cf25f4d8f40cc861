package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.gradstream.autodiff.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Axes in another order. Neighbouring axes that stay neighbours count as one; along the last one elements lie either together on both sides
 * and are copied as one run, or a step apart in the operand and are fetched one by one.
 */
final class Transposition {
    private final Operand in;
    private final Operand out;
    private final int[] starts;
    private final int length;
    private final long step;

    private Transposition(Operand in, Operand out, int[] starts, int length, long step) {
        this.in = in;
        this.out = out;
        this.starts = starts;
        this.length = length;
        this.step = step;
    }

    static PreparedCall prepare(int[] order, Operand in, Operand out) {
        List<Integer> extents = new ArrayList<>();
        List<Long> strides = new ArrayList<>();
        merge(order, in.shape(), extents, strides);
        int last = extents.size() - 1;
        int[] starts = {0};
        for (int axis = 0; axis < last; axis++) {
            starts = extend(starts, extents.get(axis), strides.get(axis));
        }
        Transposition kernel = new Transposition(in, out, starts, extents.get(last), strides.get(last));
        if (kernel.step == 1) {
            return kernel::runs;
        }
        return out.dtype().bytes() == Integer.BYTES ? kernel::words : kernel::elements;
    }

    /** The axes of the result with their strides in the operand, those that can be walked as one merged. */
    private static void merge(int[] order, Shape operand, List<Integer> extents, List<Long> strides) {
        long[] own = operand.strides();
        for (int axis : order) {
            int extent = operand.dim(axis);
            int last = extents.size() - 1;
            if (extent == 1) {
                continue;
            }
            if (last >= 0 && strides.get(last) == own[axis] * extent) {
                extents.set(last, extents.get(last) * extent);
                strides.set(last, own[axis]);
            } else {
                extents.add(extent);
                strides.add(own[axis]);
            }
        }
        if (extents.isEmpty()) {
            extents.add(1);
            strides.add(1L);
        }
    }

    private static int[] extend(int[] starts, int extent, long stride) {
        int[] extended = new int[Math.multiplyExact(starts.length, extent)];
        for (int i = 0; i < extended.length; i++) {
            extended[i] = Math.toIntExact(starts[i / extent] + i % extent * stride);
        }
        return extended;
    }

    private void runs() {
        long width = out.dtype().bytes();
        long bytes = length * width;
        long from = in.data().address();
        long to = out.data().address();
        for (int run = 0; run < starts.length; run++) {
            Pieces.copy(from + starts[run] * width, to + run * bytes, bytes);
        }
    }

    private void words() {
        long to = out.data().address();
        for (int start : starts) {
            long from = in.data().address() + (long) start * Integer.BYTES;
            for (int i = 0; i < length; i++) {
                MEMORY.set(JAVA_INT_UNALIGNED, to, MEMORY.get(JAVA_INT_UNALIGNED, from));
                to += Integer.BYTES;
                from += step * Integer.BYTES;
            }
        }
    }

    private void elements() {
        long width = out.dtype().bytes();
        long to = 0;
        for (int start : starts) {
            for (int i = 0; i < length; i++) {
                MemorySegment.copy(in.data(), (start + i * step) * width, out.data(), to, width);
                to += width;
            }
        }
    }
}
