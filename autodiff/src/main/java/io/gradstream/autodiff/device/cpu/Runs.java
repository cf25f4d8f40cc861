package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The way through a broadcast: runs of equally many neighbouring elements of the result, and for every operand where each run starts and
 * whether it moves along (1) or stays on one element (0).
 */
@SuppressWarnings("ArrayRecordComponent") // read in the innermost loops, never compared
record Runs(int count, int length, int[][] starts, int[] steps) {
    static Runs of(Shape result, List<Shape> operands) {
        List<Integer> extents = new ArrayList<>();
        List<long[]> strides = new ArrayList<>();
        for (int axis = 0; axis < result.rank(); axis++) {
            if (result.dim(axis) == 1) {
                continue;
            }
            long[] here = stridesAlong(result, operands, axis);
            int last = extents.size() - 1;
            if (last >= 0 && continues(strides.get(last), here, result.dim(axis))) {
                extents.set(last, extents.get(last) * result.dim(axis));
                strides.set(last, here);
            } else {
                extents.add(result.dim(axis));
                strides.add(here);
            }
        }
        if (extents.isEmpty()) {
            extents.add(1);
            strides.add(ones(operands.size()));
        }
        return unroll(extents, strides, operands.size());
    }

    /** A single element is a run along every operand. */
    private static long[] ones(int count) {
        long[] ones = new long[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static long[] stridesAlong(Shape result, List<Shape> operands, int axis) {
        long[] strides = new long[operands.size()];
        for (int i = 0; i < strides.length; i++) {
            Shape operand = operands.get(i);
            int own = axis - (result.rank() - operand.rank());
            strides[i] = own < 0 || operand.dim(own) == 1 ? 0 : operand.strides()[own];
        }
        return strides;
    }

    private static boolean continues(long[] outer, long[] inner, int extent) {
        for (int i = 0; i < outer.length; i++) {
            if (outer[i] != inner[i] * extent) {
                return false;
            }
        }
        return true;
    }

    private static Runs unroll(List<Integer> extents, List<long[]> strides, int operands) {
        int last = extents.size() - 1;
        int count = 1;
        for (int extent : extents.subList(0, last)) {
            count = Math.multiplyExact(count, extent);
        }
        int[][] starts = new int[operands][count];
        for (int run = 0; run < count; run++) {
            int rest = run;
            for (int axis = last - 1; axis >= 0; axis--) {
                int index = rest % extents.get(axis);
                rest /= extents.get(axis);
                for (int i = 0; i < operands; i++) {
                    starts[i][run] += Math.toIntExact(index * strides.get(axis)[i]);
                }
            }
        }
        int[] steps = new int[operands];
        for (int i = 0; i < operands; i++) {
            steps[i] = (int) strides.get(last)[i];
        }
        return new Runs(count, extents.get(last), starts, steps);
    }
}
