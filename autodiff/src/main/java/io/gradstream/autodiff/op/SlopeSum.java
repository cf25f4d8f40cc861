package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;

/** Σ ȳ·f′ over the rows of a matrix: the cotangent of what was added to every row before an activation. */
public record SlopeSum(SlopeProduct.Activation activation) implements Fused {

    @Override
    public TensorType type(List<TensorType> inputs) {
        TensorType product = new SlopeProduct(activation).type(inputs);
        Rules.rank(this, product, 2);
        return TensorType.of(product.dtype(), 1, product.shape().dim(1));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new SlopeSum(SlopeProduct.Activation.RELU), Literal.ripple(5, 7), Literal.wave(5, 7)),
                Sample.of(
                        new SlopeSum(SlopeProduct.Activation.SIGMOID),
                        Literal.ripple(207, 3),
                        Literal.fraction(207, 3)),
                Sample.of(new SlopeSum(SlopeProduct.Activation.TANH), Literal.ripple(3, 65), Literal.fraction(3, 65)),
                Sample.of(
                                new SlopeSum(SlopeProduct.Activation.RELU),
                                Literal.ripple(65, 33),
                                Literal.wave(65, 33).with(DType.BF16))
                        .valuesOnly());
    }
}
