package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.op.Concat;
import io.gradstream.autodiff.op.Pad;
import io.gradstream.autodiff.op.Slice;
import io.gradstream.autodiff.op.Transpose;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Kernels that move elements of any type as bytes. */
final class Movements {
    private Movements() {}

    static PreparedCall copy(Operand in, Operand out) {
        return () -> MemorySegment.copy(in.data(), 0, out.data(), 0, out.data().byteSize());
    }

    static PreparedCall broadcast(Operand in, Operand out) {
        Runs runs = Runs.of(out.shape(), List.of(in.shape()));
        int width = out.dtype().bytes();
        long run = (long) runs.length() * width;
        boolean moves = runs.steps()[0] == 1;
        return () -> {
            for (int i = 0; i < runs.count(); i++) {
                long from = (long) runs.starts()[0][i] * width;
                if (moves) {
                    Pieces.copy(in.data().address() + from, out.data().address() + i * run, run);
                } else {
                    repeat(in.data(), from, out.data(), i * run, width, run);
                }
            }
        };
    }

    /** Writes one element and then doubles what is written. */
    private static void repeat(MemorySegment in, long from, MemorySegment out, long to, long width, long length) {
        MemorySegment.copy(in, from, out, to, width);
        for (long done = width; done < length; done *= 2) {
            MemorySegment.copy(out, to, out, to + done, Math.min(done, length - done));
        }
    }

    static PreparedCall transpose(Transpose op, Operand in, Operand out) {
        return Transposition.prepare(op.order(), in, out);
    }

    static PreparedCall slice(Slice op, Operand in, Operand out) {
        return block(in, op.axis(), op.from(), out, 0, op.to() - op.from());
    }

    static PreparedCall pad(Pad op, Operand in, Operand out) {
        PreparedCall block =
                block(in, op.axis(), 0, out, op.before(), in.shape().dim(op.axis()));
        return () -> {
            out.data().fill((byte) 0);
            block.run();
        };
    }

    static PreparedCall concat(Concat op, List<Operand> parts, Operand out) {
        Block[] blocks = new Block[parts.size()];
        int at = 0;
        for (int i = 0; i < blocks.length; i++) {
            int extent = parts.get(i).shape().dim(op.axis());
            blocks[i] = block(parts.get(i), op.axis(), 0, out, at, extent);
            at += extent;
        }
        return () -> {
            for (long piece = 0; piece < blocks[0].count(); piece++) {
                for (Block block : blocks) {
                    block.copy(piece);
                }
            }
        };
    }

    private static Block block(Operand in, int axis, int fromIndex, Operand out, int toIndex, int extent) {
        long width = out.dtype().bytes();
        long inner = in.shape().strides()[axis] * width;
        long count = 1;
        for (int outer = 0; outer < axis; outer++) {
            count *= in.shape().dim(outer);
        }
        return new Block(
                in.data(),
                fromIndex * inner,
                pitch(in.shape(), axis, inner),
                out.data(),
                toIndex * inner,
                pitch(out.shape(), axis, inner),
                extent * inner,
                count);
    }

    private static long pitch(Shape shape, int axis, long inner) {
        return shape.dim(axis) * inner;
    }

    /** Equally long pieces that lie at a fixed distance from each other on both sides. */
    private record Block(
            MemorySegment in,
            long from,
            long inPitch,
            MemorySegment out,
            long to,
            long outPitch,
            long length,
            long count)
            implements PreparedCall {
        @Override
        public void run() {
            Pieces.copy(in.address() + from, inPitch, out.address() + to, outPitch, length, count);
        }

        void copy(long piece) {
            Pieces.copy(in.address() + from + piece * inPitch, out.address() + to + piece * outPitch, length);
        }
    }
}
