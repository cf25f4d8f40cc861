package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.op.Add;
import io.gradstream.autodiff.op.SigmoidError;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Kernels around e^−|x| and ln(1 + e^−|x|) in F32, which take several passes. */
final class VectorSoftplus {
    private static final UnaryLoop EXP_OF_MINUS_ABS = UnaryLoop.of(VectorMath::expOfMinusAbs);
    private static final UnaryLoop LOG1P = UnaryLoop.of(VectorMath::log1pOfNormal);
    private static final UnaryLoop POSITIVE_PART = UnaryLoop.of(x -> x.max(0f));
    private static final BinaryLoop POSITIVE_PART_MINUS_PRODUCT =
            BinaryLoop.of((x, t) -> x.max(0f).sub(x.mul(t)));
    /** e, with the sign of x. */
    private static final BinaryLoop SIGN_EXP =
            BinaryLoop.of((x, exp) -> exp.blend(exp.neg(), x.compare(VectorOperators.LT, 0f)));

    private static final BinaryLoop ERROR = BinaryLoop.of(VectorSoftplus::error);
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

    /** The error σ(x) − t, by the part of it that is small. */
    static PreparedCall sigmoidError(Operand logits, Operand targets, Operand out, Workspace workspace) {
        int count = out.size();
        MemorySegment exp = workspace.floats(count);
        Tail tail = workspace.tail();
        return () -> {
            EXP_OF_MINUS_ABS.run(logits.data(), exp, count, tail);
            SIGN_EXP.run(logits.data(), exp, exp, count, tail);
            ERROR.run(exp, targets.data(), out.data(), count, tail);
        };
    }

    /** ((1 − t) − t·e) / (1 + e), or ((1 − t)·e − t) / (1 + e) where e comes with a minus. */
    private static FloatVector error(FloatVector exp, FloatVector target) {
        VectorMask<Float> negative = exp.test(VectorOperators.IS_NEGATIVE);
        FloatVector e = exp.abs();
        FloatVector rest = target.neg().add(1f);
        FloatVector left = rest.mul(e.blend(1f, negative.not()));
        FloatVector error = left.sub(target.mul(e.blend(1f, negative))).div(e.add(1f));
        return error.blend(0f, error.abs().compare(VectorOperators.LT, (float) SigmoidError.LEAST));
    }

    private static void logarithm(MemorySegment in, MemorySegment log, int count, Tail tail) {
        EXP_OF_MINUS_ABS.run(in, log, count, tail);
        LOG1P.run(log, log, count, tail);
    }

    private static void add(MemorySegment from, MemorySegment to, int count, Tail tail) {
        ADD.run(to, from, to, count, tail);
    }
}
