package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cotangents of queries, keys and values of {@link Attention}, one after the other along axis 1, from the cotangent of its result: probabilities
 * are computed again, a few rows at a time. Operands: Q, K, V, the cotangent, and lengths if attention had them.
 */
public record AttentionGradient(double scale, boolean causal) implements Attending {

    public AttentionGradient {
        Attention.requireScale(scale);
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        TensorType q = Attention.operands(this, inputs, 4);
        Rules.type(this, "cotangent", inputs.get(3), q);
        int rows = q.shape().dim(1) + 2 * inputs.get(1).shape().dim(1);
        return q.with(q.shape().with(1, rows)).with(q.dtype().gradient());
    }

    @Override
    public AttentionLayout layout(List<TensorType> inputs) {
        return AttentionLayout.apart(scale, causal, inputs.get(0), inputs.get(1));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        int queries = at.input(0).shape().dim(1);
        int keys = at.input(1).shape().dim(1);
        Value[] cotangents = AttentionAlgebra.of(e, scale, causal, at)
                .cotangents(
                        at.input(3),
                        e.emit(new Slice(1, 0, queries), cotangent),
                        e.emit(new Slice(1, queries, queries + keys), cotangent),
                        e.emit(new Slice(1, queries + keys, queries + 2 * keys), cotangent));
        List<@Nullable Value> all = new ArrayList<>(List.of(cotangents));
        if (at.inputs().size() > all.size()) {
            all.add(null);
        }
        return all;
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        @Nullable
        Value[] parts = AttentionAlgebra.of(e, scale, causal, at)
                .gradients(at.input(3), tangents.get(0), tangents.get(1), tangents.get(2), tangents.get(3));
        Value[] present = new Value[parts.length];
        boolean none = true;
        for (int i = 0; i < parts.length; i++) {
            Value part = parts[i];
            none &= part == null;
            present[i] = part == null ? e.zeros(at.input(i)) : part;
        }
        return none ? null : e.emit(new Concat(1), present);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(
                        new AttentionGradient(0.5, false),
                        Literal.wave(2, 3, 2),
                        Literal.ripple(2, 4, 2),
                        Literal.positive(2, 4, 2),
                        Literal.fraction(2, 3, 2)),
                Sample.of(
                        new AttentionGradient(0.5, true),
                        Literal.wave(2, 3, 2),
                        Literal.ripple(2, 3, 2),
                        Literal.positive(2, 3, 2),
                        Literal.fraction(2, 3, 2),
                        Literal.ids(0, 2)),
                Sample.of(
                                new AttentionGradient(0.2, true),
                                Literal.wave(1, 300, 5),
                                Literal.ripple(1, 300, 5),
                                Literal.positive(1, 300, 5),
                                Literal.fraction(1, 300, 5))
                        .valuesOnly(),
                Sample.of(
                                new AttentionGradient(0.3, false),
                                Literal.wave(1, 70, 17),
                                Literal.ripple(1, 530, 17),
                                Literal.positive(1, 530, 17),
                                Literal.fraction(1, 70, 17),
                                Literal.ids(517))
                        .valuesOnly(),
                Sample.of(
                                new AttentionGradient(0.3, true),
                                Literal.wave(2, 9, 33).with(DType.BF16),
                                Literal.ripple(2, 9, 33).with(DType.BF16),
                                Literal.positive(2, 9, 33).with(DType.BF16),
                                Literal.fraction(2, 9, 33).with(DType.BF16))
                        .valuesOnly()
                        .within(0.02),
                Sample.of(
                                new AttentionGradient(0.2, true),
                                Literal.wave(3, 33, 40),
                                Literal.ripple(3, 65, 40),
                                Literal.positive(3, 65, 40),
                                Literal.fraction(3, 33, 40),
                                Literal.ids(0, 1, 65))
                        .valuesOnly(),
                Sample.of(
                                new AttentionGradient(0.1, false),
                                Literal.wave(2, 65, 72),
                                Literal.ripple(2, 33, 72),
                                Literal.positive(2, 33, 72),
                                Literal.fraction(2, 65, 72),
                                Literal.ids(33, 32))
                        .valuesOnly(),
                Sample.of(
                                new AttentionGradient(0.05, true),
                                Literal.wave(1, 70, 200),
                                Literal.ripple(1, 70, 200),
                                Literal.positive(1, 70, 200),
                                Literal.fraction(1, 70, 200))
                        .valuesOnly(),
                Sample.of(
                                new AttentionGradient(0.4, false),
                                Literal.wave(2, 33, 5).with(DType.F64),
                                Literal.ripple(2, 65, 5).with(DType.F64),
                                Literal.positive(2, 65, 5).with(DType.F64),
                                Literal.fraction(2, 33, 5).with(DType.F64),
                                Literal.ids(65, 40))
                        .valuesOnly()
                        .within(1e-12),
                Sample.of(
                                new AttentionGradient(0.1, true),
                                Literal.wave(1, 65, 72).with(DType.F64),
                                Literal.ripple(1, 65, 72).with(DType.F64),
                                Literal.positive(1, 65, 72).with(DType.F64),
                                Literal.fraction(1, 65, 72).with(DType.F64))
                        .valuesOnly()
                        .within(1e-12));
    }
}
