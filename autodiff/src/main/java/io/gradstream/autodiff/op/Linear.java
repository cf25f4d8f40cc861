package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * y[rows, out] = x[rows, in]·W[out, in]ᵀ + b[out]. With x and W of BF16 or F16, bias and result are F32, and cotangents
 * and tangents are cast to the type of x and W before they are multiplied.
 */
public record Linear() implements Contraction {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 3);
        TensorType x = inputs.get(0);
        TensorType weight = inputs.get(1);
        Rules.rank(this, x, 2);
        Rules.rank(this, weight, 2);
        Rules.sameDtype(this, x, weight);
        Rules.require(x.dtype() != DType.I32, this, "multiplies floating numbers", "x=" + x + " weight=" + weight);
        Rules.require(
                x.shape().dim(1) == weight.shape().dim(1),
                this,
                "inner dimensions must match",
                "x=" + x.shape() + " weight=" + weight.shape());
        int out = weight.shape().dim(0);
        DType dtype = x.dtype().gradient();
        Rules.type(this, "bias", inputs.get(2), TensorType.of(dtype, out));
        return new TensorType(Shape.of(x.shape().dim(0), out), dtype);
    }

    /** x̄ = Ȳ·W, W̄ = Ȳᵀ·x, b̄ = Σ Ȳ over the rows. */
    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        Value x = at.input(0);
        Value weight = at.input(1);
        Value y = e.cast(cotangent, x.dtype());
        return Rules.listOf(
                e.matmul(y, false, weight, false),
                e.matmul(y, true, x, false),
                e.sumTo(cotangent, at.input(2).shape()));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value x = at.input(0);
        Value weight = at.input(1);
        Value tangentX = tangents.get(0);
        Value tangentWeight = tangents.get(1);
        Value tangentBias = tangents.get(2);
        Value products = Rules.sum(
                e,
                tangentX == null ? null : e.matmul(e.cast(tangentX, x.dtype()), false, weight, true),
                tangentWeight == null ? null : e.matmul(x, false, e.cast(tangentWeight, x.dtype()), true));
        Value sum = Rules.sum(e, products, tangentBias);
        return sum == null ? null : e.broadcast(sum, at.output().shape());
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new Linear(), Literal.wave(5, 7), Literal.ripple(3, 7), Literal.positive(3)),
                Sample.of(new Linear(), Literal.wave(1, 13), Literal.ripple(1, 13), Literal.positive(1)),
                Sample.of(new Linear(), Literal.wave(4, 1), Literal.ripple(17, 1), Literal.positive(17)),
                Sample.of(
                                new Linear(),
                                Literal.wave(5, 33).with(DType.BF16),
                                Literal.ripple(3, 33).with(DType.BF16),
                                Literal.positive(3))
                        .valuesOnly(),
                Sample.of(
                                new Linear(),
                                Literal.wave(5, 33).with(DType.F16),
                                Literal.ripple(3, 33).with(DType.F16),
                                Literal.positive(3))
                        .valuesOnly());
    }
}
