package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;

/**
 * target += A·B, each of which may be stored transposed: how a weight gradient joins those that are there. A plan puts it in place of a
 * product that is only accumulated.
 */
public record AddProduct(boolean transposeA, boolean transposeB) implements InPlace {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 3);
        TensorType product = new Matmul(transposeA, transposeB).type(inputs.subList(1, 3));
        Rules.type(this, "target", inputs.get(0), product);
        return product;
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new AddProduct(false, false), Literal.ripple(5, 3), Literal.wave(5, 7), Literal.ripple(7, 3)),
                Sample.of(new AddProduct(true, false), Literal.ripple(5, 3), Literal.wave(7, 5), Literal.ripple(7, 3)),
                Sample.of(new AddProduct(false, true), Literal.wave(17, 1), Literal.wave(17, 13), Literal.wave(1, 13)),
                Sample.of(new AddProduct(true, true), Literal.ripple(5, 3), Literal.wave(7, 5), Literal.ripple(3, 7)),
                Sample.of(
                        new AddProduct(false, true),
                        Literal.wave(2, 3, 5),
                        Literal.ripple(2, 3, 4),
                        Literal.wave(2, 5, 4)),
                Sample.of(
                        new AddProduct(true, false),
                        Literal.ripple(33, 3),
                        Literal.wave(5, 33).with(DType.BF16),
                        Literal.ripple(5, 3).with(DType.BF16)));
    }
}
