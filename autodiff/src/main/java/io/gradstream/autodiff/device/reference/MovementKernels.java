package io.gradstream.autodiff.device.reference;

import io.gradstream.autodiff.op.Broadcast;
import io.gradstream.autodiff.op.Concat;
import io.gradstream.autodiff.op.Movement;
import io.gradstream.autodiff.op.Pad;
import io.gradstream.autodiff.op.Slice;
import io.gradstream.autodiff.op.Transpose;
import java.util.List;

/** Elements copied to other places. */
final class MovementKernels {

    private MovementKernels() {}

    static Runnable prepare(Movement op, List<Array> inputs, Array y) {
        Array x = inputs.get(0);
        return switch (op) {
            case Transpose transpose -> transpose(transpose, x, y);
            case Broadcast ignored -> broadcast(x, y);
            case Slice slice -> slice(slice, x, y);
            case Pad pad -> pad(pad, x, y);
            case Concat concat -> concat(concat, inputs, y);
        };
    }

    static Runnable copy(Array x, Array y) {
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                y.set(i, x.get(i));
            }
        };
    }

    private static Runnable transpose(Transpose op, Array x, Array y) {
        long[] strides = x.shape().strides();
        int[] order = op.order();
        int[] from = new int[y.size()];
        int[] position = new int[order.length];
        for (int i = 0; i < from.length; i++) {
            for (int axis = 0; axis < order.length; axis++) {
                from[i] += Math.toIntExact(position[axis] * strides[order[axis]]);
            }
            Array.advance(position, y.shape());
        }
        return () -> gather(x, from, y);
    }

    private static Runnable broadcast(Array x, Array y) {
        int[] from = x.broadcastTo(y.shape());
        return () -> gather(x, from, y);
    }

    private static Runnable slice(Slice op, Array x, Array y) {
        int[] from = window(y, x, op.axis(), op.from());
        return () -> gather(x, from, y);
    }

    private static Runnable pad(Pad op, Array x, Array y) {
        int[] to = window(x, y, op.axis(), op.before());
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                y.set(i, 0);
            }
            scatter(x, y, to);
        };
    }

    private static Runnable concat(Concat op, List<Array> parts, Array y) {
        int[][] to = new int[parts.size()][];
        int start = 0;
        for (int part = 0; part < to.length; part++) {
            to[part] = window(parts.get(part), y, op.axis(), start);
            start += parts.get(part).dim(op.axis());
        }
        return () -> {
            for (int part = 0; part < to.length; part++) {
                scatter(parts.get(part), y, to[part]);
            }
        };
    }

    private static void gather(Array x, int[] from, Array y) {
        for (int i = 0; i < from.length; i++) {
            y.set(i, x.get(from[i]));
        }
    }

    private static void scatter(Array x, Array y, int[] to) {
        for (int i = 0; i < to.length; i++) {
            y.set(to[i], x.get(i));
        }
    }

    /** For every element of a part its index in the whole, where the part begins at some index along one axis. */
    private static int[] window(Array part, Array whole, int axis, int start) {
        int[] indices = new int[part.size()];
        int[] position = new int[part.shape().rank()];
        long[] strides = whole.shape().strides();
        for (int i = 0; i < indices.length; i++) {
            long index = start * strides[axis];
            for (int a = 0; a < position.length; a++) {
                index += position[a] * strides[a];
            }
            indices[i] = Math.toIntExact(index);
            Array.advance(position, part.shape());
        }
        return indices;
    }
}
