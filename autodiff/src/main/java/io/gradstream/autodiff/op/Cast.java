package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The same numbers rounded to another element type: to nearest, ties to even, too large becomes infinite. */
public record Cast(DType dtype) implements Kernel, Differentiable {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 1);
        return inputs.get(0).with(dtype);
    }

    /** The cotangent in the operand's gradient type: half-precision values have F32 gradients. */
    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        DType operand = at.input(0).dtype();
        return Rules.listOf(operand.isFloating() && dtype.isFloating() ? e.cast(cotangent, operand.gradient()) : null);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null || !dtype.isFloating() ? null : e.cast(tangent, dtype.gradient());
    }

    public static List<Sample> samples() {
        Literal edges = Literal.of(1e30, 65504, 65519.9, 65520, -70000, 1.00048828125, 1.00146484375, 6e-8, 2.9e-8, 0);
        return List.of(
                Sample.of(new Cast(DType.F64), Literal.wave(5, 7)),
                Sample.of(new Cast(DType.F32), Literal.wave(5, 7).with(DType.F64)),
                Sample.of(new Cast(DType.BF16), Literal.wave(5, 7)).valuesOnly(),
                Sample.of(new Cast(DType.F16), Literal.wave(5, 7)).valuesOnly(),
                Sample.of(new Cast(DType.BF16), edges).valuesOnly(),
                Sample.of(new Cast(DType.F16), edges).valuesOnly(),
                Sample.of(new Cast(DType.F32), Literal.wave(5, 7).with(DType.BF16))
                        .valuesOnly(),
                Sample.of(new Cast(DType.F32), Literal.wave(5, 7).with(DType.F16))
                        .valuesOnly(),
                Sample.of(new Cast(DType.F32), Literal.ids(-3, 0, 7)).valuesOnly(),
                Sample.of(new Cast(DType.I32), Literal.of(-2.7, -0.3, 0, 1.9)).valuesOnly());
    }
}
