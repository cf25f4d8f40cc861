package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.tape.Tensor;

/**
 * A cross layer, which multiplies what came so far with the first input again.
 *
 * <p>{@link Form#VECTOR}: x′ = x₀·(w·x) + b + x, with parameters {@code weight} [1, width] and {@code bias} [width] (Wang et al., "Deep &amp; Cross
 * Network", 2017). {@link Form#MATRIX}: x′ = x₀∘(W·x + b) + x, with a linear layer's (Wang et al., "DCN V2", 2020).
 */
public record Cross(Form form) {
    /** How an input is weighed. */
    public enum Form {
        VECTOR,
        MATRIX
    }

    public Tensor forward(Tensor first, Tensor x, Parameters parameters) {
        int width = first.shape().dim(1);
        return switch (form) {
            case MATRIX ->
                first.multiply(new Linear(width).forward(x, parameters)).add(x);
            case VECTOR -> {
                Tensor bias = parameters.get("bias", Shape.of(width), new Initializer.Constant(0));
                Tensor share = new Linear(1).withoutBias().forward(x, parameters);
                yield first.multiply(share).add(bias).add(x);
            }
        };
    }
}
