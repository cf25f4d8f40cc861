package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;

/** A fused kernel whose result nobody wants but rounded to another element type, as {@link Cast} rounds it. */
public record Rounded(Fused kernel, DType dtype) implements Fused {

    @Override
    public TensorType type(List<TensorType> inputs) {
        return kernel.type(inputs).with(dtype);
    }

    public static List<Sample> samples() {
        LinearActivation layer = new LinearActivation(new Relu());
        SlopeProduct slope = new SlopeProduct(SlopeProduct.Activation.RELU);
        return List.of(
                Sample.of(
                                new Rounded(layer, DType.BF16),
                                Literal.wave(5, 7).with(DType.BF16),
                                Literal.ripple(3, 7).with(DType.BF16),
                                Literal.wave(3))
                        .valuesOnly(),
                Sample.of(
                                new Rounded(new LinearActivation(new Tanh()), DType.F16),
                                Literal.wave(9, 33).with(DType.F16),
                                Literal.ripple(17, 33).with(DType.F16),
                                Literal.wave(17))
                        .valuesOnly(),
                Sample.of(new Rounded(slope, DType.BF16), Literal.ripple(5, 7), Literal.wave(5, 7))
                        .valuesOnly(),
                Sample.of(
                                new Rounded(slope, DType.F16),
                                Literal.ripple(5, 7),
                                Literal.wave(5, 7).with(DType.F16))
                        .valuesOnly(),
                Sample.of(
                                new Rounded(new SlopeProduct(SlopeProduct.Activation.TANH), DType.BF16),
                                Literal.ripple(207),
                                Literal.fraction(207))
                        .valuesOnly());
    }
}
