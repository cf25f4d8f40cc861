package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The product of two matrices, each of which may be stored transposed, or of as many pairs of matrices as the leading axes, which must be
 * equal, have places. Operands of BF16 or F16 give an F32 product, and
 * cotangents and tangents are cast to the operands' type before they are multiplied.
 */
public record Matmul(boolean transposeA, boolean transposeB) implements Contraction {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        TensorType a = inputs.get(0);
        TensorType b = inputs.get(1);
        int rank = a.shape().rank();
        Rules.require(
                rank >= 2 && a.shape().leading(2).equals(b.shape().leading(2)),
                this,
                "needs matrices with equal leading axes",
                "left=" + a + " right=" + b);
        Rules.sameDtype(this, a, b);
        Rules.require(a.dtype() != DType.I32, this, "multiplies floating numbers", "left=" + a + " right=" + b);
        int inner = a.shape().dim(transposeA ? -2 : -1);
        Rules.require(
                inner == b.shape().dim(transposeB ? -1 : -2),
                this,
                "inner dimensions must match",
                "left=" + a.shape() + (transposeA ? "ᵀ" : "") + " right=" + b.shape() + (transposeB ? "ᵀ" : ""));
        return new TensorType(
                a.shape()
                        .with(rank - 2, a.shape().dim(transposeA ? -1 : -2))
                        .with(rank - 1, b.shape().dim(transposeB ? -2 : -1)),
                a.dtype().gradient());
    }

    /** Ā = Ȳ·Bᵀ and B̄ = Aᵀ·Ȳ, with the transpositions of A and B carried through. */
    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        Value a = at.input(0);
        Value b = at.input(1);
        Value y = e.cast(cotangent, a.dtype());
        return Rules.listOf(
                transposeA ? e.matmul(b, transposeB, y, true) : e.matmul(y, false, b, !transposeB),
                transposeB ? e.matmul(y, true, a, transposeA) : e.matmul(a, !transposeA, y, false));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value a = at.input(0);
        Value b = at.input(1);
        Value tangentA = tangents.get(0);
        Value tangentB = tangents.get(1);
        return Rules.sum(
                e,
                tangentA == null ? null : e.emit(this, e.cast(tangentA, a.dtype()), b),
                tangentB == null ? null : e.emit(this, a, e.cast(tangentB, b.dtype())));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Matmul(false, false), Literal.wave(5, 7), Literal.ripple(7, 3)),
                Sample.of(new Matmul(true, false), Literal.wave(7, 5), Literal.ripple(7, 3)),
                Sample.of(new Matmul(false, true), Literal.wave(5, 7), Literal.ripple(3, 7)),
                Sample.of(new Matmul(true, true), Literal.wave(7, 5), Literal.ripple(3, 7)),
                Sample.of(new Matmul(false, false), Literal.wave(1, 13), Literal.ripple(13, 1)),
                Sample.of(new Matmul(false, false), Literal.wave(2, 3, 4), Literal.ripple(2, 4, 5)),
                Sample.of(new Matmul(true, false), Literal.wave(2, 4, 3), Literal.ripple(2, 4, 5)),
                Sample.of(new Matmul(false, true), Literal.wave(2, 3, 4), Literal.ripple(2, 5, 4)),
                Sample.of(new Matmul(true, true), Literal.wave(2, 2, 4, 3), Literal.ripple(2, 2, 5, 4)),
                Sample.of(
                                new Matmul(false, true),
                                Literal.wave(3, 5, 33).with(DType.BF16),
                                Literal.ripple(3, 4, 33).with(DType.BF16))
                        .valuesOnly(),
                Sample.of(
                                new Matmul(true, false),
                                Literal.wave(3, 33, 5).with(DType.F16),
                                Literal.ripple(3, 33, 4).with(DType.F16))
                        .valuesOnly(),
                Sample.of(
                                new Matmul(false, false),
                                Literal.wave(5, 33).with(DType.BF16),
                                Literal.ripple(33, 3).with(DType.BF16))
                        .valuesOnly(),
                Sample.of(
                                new Matmul(false, true),
                                Literal.wave(5, 33).with(DType.F16),
                                Literal.ripple(3, 33).with(DType.F16))
                        .valuesOnly());
    }
}
