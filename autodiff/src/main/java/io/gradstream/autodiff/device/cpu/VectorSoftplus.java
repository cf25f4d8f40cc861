package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.Add;
import java.lang.foreign.MemorySegment;

/** Kernels around ln(1 + e^−|x|) in F32, which takes an exponential and a logarithm and so several passes. */
final class VectorSoftplus {
    private static final UnaryLoop EXP_OF_MINUS_ABS = UnaryLoop.of(VectorMath::expOfMinusAbs);
    private static final UnaryLoop LOG1P = UnaryLoop.of(VectorMath::log1pOfNormal);
    private static final UnaryLoop POSITIVE_PART = UnaryLoop.of(x -> x.max(0f));
    private static final BinaryLoop POSITIVE_PART_MINUS_PRODUCT =
            BinaryLoop.of((x, t) -> x.max(0f).sub(x.mul(t)));
    private static final BinaryLoop ADD = VectorFunctions.loop(new Add()).orElseThrow();

    private VectorSoftplus() {}

    /** ln(1 + eˣ) as max(x, 0) + ln(1 + e^−|x|). */
    static PreparedCall softplus(Operand in, Operand out, Workspace workspace) {
        int count = out.size();
        MemorySegment log = workspace.floats(count);
        Tail tail = workspace.tail();
        return () -> {
            logarithm(in.data(), log, count, tail);
            POSITIVE_PART.run(in.data(), out.data(), count, tail);
            add(log, out.data(), count, tail);
        };
    }

    /** The loss max(x, 0) − x·t + ln(1 + e^−|x|): what is large is subtracted before what is small is added. */
    static PreparedCall sigmoidCrossEntropy(Operand logits, Operand targets, Operand out, Workspace workspace) {
        int count = out.size();
        MemorySegment log = workspace.floats(count);
        Tail tail = workspace.tail();
        return () -> {
            logarithm(logits.data(), log, count, tail);
            POSITIVE_PART_MINUS_PRODUCT.run(logits.data(), targets.data(), out.data(), count, tail);
            add(log, out.data(), count, tail);
        };
    }

    private static void logarithm(MemorySegment in, MemorySegment log, int count, Tail tail) {
        EXP_OF_MINUS_ABS.run(in, log, count, tail);
        LOG1P.run(log, log, count, tail);
    }

    private static void add(MemorySegment from, MemorySegment to, int count, Tail tail) {
        ADD.run(to, from, to, count, tail);
    }
}
