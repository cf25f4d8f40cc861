package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.Optional;

/**
 * Low-rank adapters for every linear layer of a model whose own parameters are frozen.
 *
 * <p>LoRA (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021): the layer's weight becomes W + α/r·B·A with parameters
 * {@code lora.a} [r, inputs] and {@code lora.b} [outputs, r], of which B begins as zeros, so that the adapted model begins as the base.
 *
 * <p>DoRA (Liu et al., "DoRA: Weight-Decomposed Low-Rank Adaptation", 2024): the adapted weight V only gives the direction, and each of
 * its rows has the length {@code lora.magnitude}·‖W row‖, where the magnitude [outputs] begins as ones. As in the paper, no derivative
 * flows through ‖V‖.
 *
 * <p>The product B·A is not made where only rows pass through it: x·(W + α/r·B·A)ᵀ = x·Wᵀ + α/r·(x·Aᵀ)·Bᵀ, and the base has no gradient.
 *
 * @param rank the r of the method
 * @param alpha adapters are multiplied by alpha / rank
 * @param decomposed whether magnitudes are trained as well: DoRA
 */
public record LowRank(int rank, double alpha, boolean decomposed) {
    public LowRank {
        if (rank < 1 || !(alpha > 0)) {
            throw new IllegalArgumentException(
                    "adapters must have a rank and a scale: rank=" + rank + " alpha=" + alpha);
        }
    }

    /** Whether a parameter of this name belongs to an adapter. */
    public static boolean isAdapter(String name) {
        return name.endsWith(".lora.a") || name.endsWith(".lora.b") || name.endsWith(".lora.magnitude");
    }

    Tensor forward(Tensor x, Tensor weight, Optional<Tensor> bias, Parameters parameters) {
        int outputs = weight.shape().dim(0);
        int inputs = weight.shape().dim(1);
        Parameters adapter = parameters.in("lora");
        Tensor a = adapter.adapter("a", Shape.of(rank, inputs), Initializer.Uniform.ofLinear(inputs, rank));
        Tensor b = adapter.adapter("b", Shape.of(outputs, rank), new Initializer.Constant(0));
        Tensor detour = x.matmul(false, a, true).matmul(false, b, true).multiply(alpha / rank);
        if (!decomposed) {
            return Linear.affine(x, weight, bias).add(detour);
        }
        Tensor magnitude = adapter.adapter("magnitude", Shape.of(outputs), new Initializer.Constant(1));
        Tensor adapted = weight.add(b.matmul(a).multiply(alpha / rank)).stopGradient();
        Tensor y = Linear.affine(x, weight, Optional.empty())
                .add(detour)
                .multiply(magnitude.multiply(lengths(weight).divide(lengths(adapted))));
        return bias.map(y::add).orElse(y);
    }

    private static Tensor lengths(Tensor rows) {
        return rows.square().sum(1).sqrt();
    }
}
