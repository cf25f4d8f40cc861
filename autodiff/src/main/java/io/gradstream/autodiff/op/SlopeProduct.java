package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;

/** ȳ·f′ with the slope of an activation taken from its result y: the cotangent's way back through it. */
public record SlopeProduct(Activation activation) implements Fused {

    /** The activations whose slope follows from their result. */
    public enum Activation {
        /** y > 0. */
        RELU {
            @Override
            public double slope(double y) {
                return y > 0 ? 1 : 0;
            }
        },
        /** y·(1 − y). */
        SIGMOID {
            @Override
            public double slope(double y) {
                return y * (1 - y);
            }
        },
        /** 1 − y². */
        TANH {
            @Override
            public double slope(double y) {
                return 1 - y * y;
            }
        };

        public abstract double slope(double y);
    }

    /** Of the cotangent and the activation's result, which have one shape; the result may be a rounded one. */
    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        Rules.arithmetic(this, inputs.get(0));
        Rules.type(
                this,
                "result",
                inputs.get(1),
                inputs.get(0).with(rounded(inputs.get(1).dtype(), inputs.get(0))));
        return inputs.get(0);
    }

    private static DType rounded(DType result, TensorType cotangent) {
        return result.isHalf() ? result : cotangent.dtype();
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new SlopeProduct(Activation.RELU), Literal.ripple(5, 7), Literal.wave(5, 7)),
                Sample.of(new SlopeProduct(Activation.SIGMOID), Literal.ripple(5, 7), Literal.fraction(5, 7)),
                Sample.of(new SlopeProduct(Activation.TANH), Literal.ripple(207), Literal.fraction(207)));
    }
}
