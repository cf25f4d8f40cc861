package io.gradstream.autodiff.device.cpu;

import java.util.Objects;

/** Kernels that choose or collect single elements along an axis. */
final class Gathers {
    private Gathers() {}

    static PreparedCall gather(int axis, Operand in, Operand ids, Operand out) {
        int inner = Math.toIntExact(in.shape().strides()[axis]);
        int places = ids.shape().dim(axis);
        int extent = in.shape().dim(axis);
        return () -> {
            for (int i = 0; i < out.size(); i++) {
                out.set(i, in.get(place(i, inner, places, extent, ids)));
            }
        };
    }

    static PreparedCall scatterAdd(int axis, Operand updates, Operand ids, Operand out) {
        int inner = Math.toIntExact(out.shape().strides()[axis]);
        int places = ids.shape().dim(axis);
        int extent = out.shape().dim(axis);
        return () -> {
            out.data().fill((byte) 0);
            for (int i = 0; i < updates.size(); i++) {
                int target = place(i, inner, places, extent, ids);
                out.set(target, out.get(target) + updates.get(i));
            }
        };
    }

    private static int place(int i, int inner, int places, int extent, Operand ids) {
        int id = Objects.checkIndex((int) ids.get(i), extent);
        return (i / (inner * places) * extent + id) * inner + i % inner;
    }
}
