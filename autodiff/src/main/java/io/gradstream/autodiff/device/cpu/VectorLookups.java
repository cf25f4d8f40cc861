package io.gradstream.autodiff.device.cpu;

import static io.gradstream.autodiff.device.cpu.RawMemory.FLOAT;
import static io.gradstream.autodiff.device.cpu.RawMemory.MEMORY;
import static io.gradstream.autodiff.device.cpu.VectorMath.FLOATS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.FloatVector.broadcast;

import io.gradstream.autodiff.op.Combine;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;

/** Rows of F32 collected by number, one multiply-add per element in ascending order of the numbers' places. */
final class VectorLookups {

    private VectorLookups() {}

    static PreparedCall scatterAddRows(Operand updates, Operand ids, Operand out) {
        int rows = out.shape().dim(0);
        int width = out.shape().dim(1);
        return () -> {
            out.data().fill((byte) 0);
            for (int i = 0; i < ids.size(); i++) {
                addRow(updates.data(), i, out.data(), PlainKernels.row(ids, i, rows), width, 1);
            }
        };
    }

    static PreparedCall bagCombine(Combine combine, Operand rows, Operand offsets, Operand out) {
        int bags = out.shape().dim(0);
        int width = out.shape().dim(1);
        return () -> {
            out.data().fill((byte) 0);
            for (int bag = 0; bag < bags; bag++) {
                int from = (int) offsets.get(bag);
                int to = (int) offsets.get(bag + 1);
                Objects.checkFromToIndex(from, to, rows.shape().dim(0));
                float share = (float) PlainKernels.share(combine, from, to);
                for (int i = from; i < to; i++) {
                    addRow(rows.data(), i, out.data(), bag, width, share);
                }
            }
        };
    }

    static PreparedCall bagSpread(Combine combine, Operand bags, Operand offsets, Operand out) {
        int count = bags.shape().dim(0);
        int width = out.shape().dim(1);
        return () -> {
            out.data().fill((byte) 0);
            for (int bag = 0; bag < count; bag++) {
                int from = (int) offsets.get(bag);
                int to = (int) offsets.get(bag + 1);
                Objects.checkFromToIndex(from, to, out.shape().dim(0));
                float share = (float) PlainKernels.share(combine, from, to);
                for (int i = from; i < to; i++) {
                    addRow(bags.data(), bag, out.data(), i, width, share);
                }
            }
        };
    }

    private static void addRow(MemorySegment from, int fromRow, MemorySegment to, int toRow, int width, float factor) {
        long source = from.address() + (long) fromRow * width * Float.BYTES;
        long target = to.address() + (long) toRow * width * Float.BYTES;
        int i = 0;
        for (; i <= width - FLOATS.length(); i += FLOATS.length()) {
            long at = (long) i * Float.BYTES;
            FloatVector.fromMemorySegment(FLOATS, MEMORY, source + at, LITTLE_ENDIAN)
                    .fma(
                            broadcast(FLOATS, factor),
                            FloatVector.fromMemorySegment(FLOATS, MEMORY, target + at, LITTLE_ENDIAN))
                    .intoMemorySegment(MEMORY, target + at, LITTLE_ENDIAN);
        }
        for (; i < width; i++) {
            long at = (long) i * Float.BYTES;
            MEMORY.set(
                    FLOAT,
                    target + at,
                    Math.fma(MEMORY.get(FLOAT, source + at), factor, MEMORY.get(FLOAT, target + at)));
        }
    }
}
