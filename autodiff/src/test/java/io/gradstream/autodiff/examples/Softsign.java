package io.gradstream.autodiff.examples;

import io.gradstream.autodiff.op.Application;
import io.gradstream.autodiff.op.CustomRule;
import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Emitter;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** y = x / (1 + |x|), composed of operations that exist, under a derivative rule of its own: y' = 1 / (1 + |x|)². */
public final class Softsign implements Differentiable {

    public static Tensor of(Tensor x) {
        Tensor y = x.divide(x.abs().add(1));
        return x.apply(CustomRule.of("softsign", new Softsign()), y);
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Arrays.asList(e.multiply(cotangent, slope(e, at.input(0))));
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.multiply(tangent, slope(e, at.input(0)));
    }

    private static Value slope(Emitter e, Value x) {
        Value rest = e.add(e.multiply(e.sign(x), x), 1);
        return e.power(rest, -2);
    }
}
