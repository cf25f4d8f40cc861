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
        return () -> {
            int[] position = new int[order.length];
            for (int i = 0; i < y.size(); i++) {
                int from = 0;
                for (int axis = 0; axis < order.length; axis++) {
                    from += Math.toIntExact(position[axis] * strides[order[axis]]);
                }
                y.set(i, x.get(from));
                Array.advance(position, y.shape());
            }
        };
    }

    private static Runnable broadcast(Array x, Array y) {
        int[] from = x.broadcastTo(y.shape());
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                y.set(i, x.get(from[i]));
            }
        };
    }

    private static Runnable slice(Slice op, Array x, Array y) {
        return () -> {
            int[] from = window(y, x, op.axis(), op.from());
            for (int i = 0; i < y.size(); i++) {
                y.set(i, x.get(from[i]));
            }
        };
    }

    private static Runnable pad(Pad op, Array x, Array y) {
        return () -> {
            for (int i = 0; i < y.size(); i++) {
                y.set(i, 0);
            }
            place(x, y, op.axis(), op.before());
        };
    }

    private static Runnable concat(Concat op, List<Array> parts, Array y) {
        return () -> {
            int start = 0;
            for (Array part : parts) {
                place(part, y, op.axis(), start);
                start += part.dim(op.axis());
            }
        };
    }

    private static void place(Array part, Array whole, int axis, int start) {
        int[] to = window(part, whole, axis, start);
        for (int i = 0; i < part.size(); i++) {
            whole.set(to[i], part.get(i));
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
