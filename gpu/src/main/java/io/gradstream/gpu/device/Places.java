package io.gradstream.gpu.device;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.gradstream.autodiff.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the elements of an array of some extents lie in its operands: by a stride along every axis. Axes of one element are left out, and
 * axes along which all operands go on evenly are one, so that most arrays have one axis or two.
 */
record Places(List<Axis> axes, int operands) {
    /** How many operands the kernels' struct has strides for, and how many axes. */
    private static final int MOST_OPERANDS = 3;

    private static final int MOST_AXES = 8;
    private static final long EXTENTS = 4;
    private static final long STRIDES = 40;
    private static final long BYTES = STRIDES + (long) MOST_OPERANDS * MOST_AXES * Long.BYTES;

    /** One axis: how many places it has and how far apart they are in each operand. */
    record Axis(long extent, List<Long> strides) {
        Axis {
            strides = List.copyOf(strides);
        }

        boolean goesOn(Axis inner) {
            for (int operand = 0; operand < strides.size(); operand++) {
                if (strides.get(operand) != inner.strides().get(operand) * inner.extent()) {
                    return false;
                }
            }
            return true;
        }
    }

    Places {
        axes = List.copyOf(axes);
    }

    /** The places of an array of some extents in operands with some strides. */
    static Places of(int[] extents, long[]... strides) {
        List<Axis> axes = new ArrayList<>();
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            if (extents[axis] != 1) {
                List<Long> here = new ArrayList<>();
                for (long[] operand : strides) {
                    here.add(operand[axis]);
                }
                add(axes, new Axis(extents[axis], here));
            }
        }
        if (axes.size() > MOST_AXES) {
            throw new IllegalArgumentException(
                    "a value must not have more than " + MOST_AXES + " axes on this device: axes=" + axes.size());
        }
        return new Places(axes.reversed(), strides.length);
    }

    /** Adds the next outer axis to axes that run from the innermost outward. */
    private static void add(List<Axis> axes, Axis outer) {
        if (!axes.isEmpty() && outer.goesOn(axes.getLast())) {
            Axis inner = axes.removeLast();
            axes.add(new Axis(outer.extent() * inner.extent(), inner.strides()));
        } else {
            axes.add(outer);
        }
    }

    /** The strides of a shape as broadcasting to another one sees it: 0 where its one element is repeated. */
    static long[] broadcast(Shape from, Shape to) {
        long[] own = from.strides();
        long[] strides = new long[to.rank()];
        int added = to.rank() - from.rank();
        for (int axis = 0; axis < from.rank(); axis++) {
            strides[added + axis] = from.dim(axis) == 1 ? 0 : own[axis];
        }
        return strides;
    }

    /** How far apart an operand's innermost neighbours are; 0 where there is one place only. */
    long innermostStride(int operand) {
        return axes.isEmpty() ? 0 : axes.getLast().strides().get(operand);
    }

    /** Whether all operands hold the elements one after the other. */
    boolean isOneStretch() {
        return axes.isEmpty()
                || (axes.size() == 1 && axes.getFirst().strides().stream().allMatch(stride -> stride == 1));
    }

    /** The axis along which an operand's neighbours lie, or -1. */
    int axisOfNeighbours(int operand) {
        for (int axis = 0; axis < axes.size(); axis++) {
            if (axes.get(axis).strides().get(operand) == 1) {
                return axis;
            }
        }
        return -1;
    }

    /** Whether an operand has one element where there are many along the innermost axis. */
    boolean repeats(int operand) {
        return innermostStride(operand) == 0;
    }

    /** Whether the elements are groups of so many that lie side by side in every operand that does not repeat one for all of them. */
    boolean isInGroupsOf(int count) {
        if (axes.isEmpty() || axes.getLast().extent() % count != 0) {
            return false;
        }
        for (int operand = 0; operand < operands; operand++) {
            if (!repeats(operand) && !liesInGroupsOf(count, operand)) {
                return false;
            }
        }
        return true;
    }

    private boolean liesInGroupsOf(int count, int operand) {
        return innermostStride(operand) == 1
                && axes.subList(0, axes.size() - 1).stream()
                        .allMatch(axis -> axis.strides().get(operand) % count == 0);
    }

    /** The places of groups of so many neighbours; strides are counted in groups, and in elements where one is repeated. */
    Places inGroupsOf(int count) {
        if (count == 1) {
            return this;
        }
        List<Axis> groups = new ArrayList<>();
        for (Axis axis : axes.subList(0, axes.size() - 1)) {
            List<Long> strides = new ArrayList<>();
            for (int operand = 0; operand < operands; operand++) {
                strides.add(axis.strides().get(operand) / (repeats(operand) ? 1 : count));
            }
            groups.add(new Axis(axis.extent(), strides));
        }
        groups.add(new Axis(axes.getLast().extent() / count, axes.getLast().strides()));
        return new Places(groups, operands);
    }

    /** The places along all axes but two. */
    Places without(int one, int other) {
        List<Axis> others = new ArrayList<>(axes);
        others.remove(Math.max(one, other));
        others.remove(Math.min(one, other));
        return new Places(others, operands);
    }

    /** The kernels' struct. */
    MemorySegment struct(Arena arena) {
        MemorySegment struct = arena.allocate(BYTES, Long.BYTES);
        struct.set(JAVA_INT, 0, Math.max(1, axes.size()));
        struct.set(JAVA_INT, EXTENTS, 1);
        for (int axis = 0; axis < axes.size(); axis++) {
            Axis here = axes.get(axis);
            if (here.extent() > 0xFFFF_FFFFL && axis > 0) {
                throw new IllegalArgumentException(
                        "an axis must not have more than 2^32 places on this device: extent=" + here.extent());
            }
            struct.set(JAVA_INT, EXTENTS + (long) axis * Integer.BYTES, (int) here.extent());
            for (int operand = 0; operand < operands; operand++) {
                long at = STRIDES + ((long) operand * MOST_AXES + axis) * Long.BYTES;
                struct.set(JAVA_LONG, at, here.strides().get(operand));
            }
        }
        return struct;
    }
}
