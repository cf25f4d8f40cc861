package io.gradstream.autodiff.check;

import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.tape.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** The operations of the golden file as a user of the library writes them. */
final class GoldenOperations {
    private static final Map<String, Function<List<Tensor>, Tensor>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("add", x -> x.get(0).add(x.get(1)));
        ALL.put("subtract", x -> x.get(0).subtract(x.get(1)));
        ALL.put("multiply", x -> x.get(0).multiply(x.get(1)));
        ALL.put("divide", x -> x.get(0).divide(x.get(1)));
        ALL.put("maximum", x -> x.get(0).maximum(x.get(1)));
        ALL.put("minimum", x -> x.get(0).minimum(x.get(1)));
        ALL.put(
                "where",
                x -> x.get(0)
                        .greater(x.get(0).tape().constant(0, x.get(0).dtype()))
                        .choose(x.get(1), x.get(2)));
        ALL.put("exp", x -> x.get(0).exp());
        ALL.put("log", x -> x.get(0).log());
        ALL.put("log1p", x -> x.get(0).log1p());
        ALL.put("sqrt", x -> x.get(0).sqrt());
        ALL.put("square", x -> x.get(0).square());
        ALL.put("power -1.5", x -> x.get(0).power(-1.5));
        ALL.put("abs", x -> x.get(0).abs());
        ALL.put("sign", x -> x.get(0).sign());
        ALL.put("erf", x -> x.get(0).erf());
        ALL.put("round", x -> x.get(0).round());
        ALL.put("floor", x -> x.get(0).floor());
        ALL.put("clamp -0.7 0.9", x -> x.get(0).clamp(-0.7, 0.9));
        ALL.put("relu", x -> x.get(0).relu());
        ALL.put("leakyRelu 0.01", x -> x.get(0).leakyRelu(0.01));
        ALL.put("elu 1", x -> x.get(0).elu(1));
        ALL.put("sigmoid", x -> x.get(0).sigmoid());
        ALL.put("tanh", x -> x.get(0).tanh());
        ALL.put("gelu", x -> x.get(0).gelu());
        ALL.put("silu", x -> x.get(0).silu());
        ALL.put("softplus", x -> x.get(0).softplus());
        ALL.put("sum 0 2", x -> x.get(0).sum(0, 2));
        ALL.put("mean 1", x -> x.get(0).mean(1));
        ALL.put("max 2", x -> x.get(0).max(2));
        ALL.put("min 0", x -> x.get(0).min(0));
        ALL.put("argMax 1", x -> x.get(0).argMax(1));
        ALL.put("logSumExp 1 2", x -> x.get(0).logSumExp(1, 2));
        ALL.put("norm 0 1", x -> x.get(0).norm(0, 1));
        ALL.put("variance 2", x -> x.get(0).variance(0, 2));
        ALL.put("softmax", x -> x.get(0).softmax());
        ALL.put("logSoftmax", x -> x.get(0).logSoftmax());
        ALL.put("layerNorm", x -> x.get(0).layerNorm(x.get(1), x.get(2), 1e-5));
        ALL.put("rmsNorm", x -> x.get(0).rmsNorm(x.get(1), 1e-5));
        ALL.put("matmul", x -> x.get(0).matmul(x.get(1)));
        ALL.put("matmul left", x -> x.get(0).matmul(true, x.get(1), false));
        ALL.put("matmul right", x -> x.get(0).matmul(false, x.get(1), true));
        ALL.put("matmul both", x -> x.get(0).matmul(true, x.get(1), true));
        ALL.put("matmul batch", x -> x.get(0).matmul(x.get(1)));
        ALL.put("matmul batch both", x -> x.get(0).matmul(true, x.get(1), true));
        ALL.put("linear", x -> x.get(0).linear(x.get(1), x.get(2)));
        ALL.put("attention", x -> x.get(0).attention(x.get(1), x.get(2), false, null));
        ALL.put("attention causal", x -> x.get(0).attention(x.get(1), x.get(2), true, null));
        ALL.put("sigmoidCrossEntropy", x -> x.get(0).sigmoidCrossEntropy(x.get(1)));
        ALL.put("sigmoidCrossEntropy 3", x -> x.get(0).sigmoidCrossEntropy(x.get(1), 3));
        ALL.put("softmaxCrossEntropy", x -> x.get(0).softmaxCrossEntropy(x.get(1)));
        ALL.put("softmaxCrossEntropy 0.1", x -> x.get(0).softmaxCrossEntropy(x.get(1), 0.1, List.of()));
        ALL.put(
                "softmaxCrossEntropy 0.2 0.5 2 1",
                x -> x.get(0).softmaxCrossEntropy(x.get(1), 0.2, List.of(0.5, 2.0, 1.0)));
        ALL.put("squaredError", x -> x.get(0).subtract(x.get(1)).square());
        ALL.put("absoluteError", x -> x.get(0).subtract(x.get(1)).abs());
        ALL.put("huber 0.8", x -> x.get(0).subtract(x.get(1)).huber(0.8));
        ALL.put("poisson", x -> x.get(0).poisson(x.get(1)));
        ALL.put("gather 1", x -> x.get(0).gather(1, x.get(1)));
        ALL.put("scatterAdd 1 3", x -> x.get(0).scatterAdd(1, x.get(1), 3));
        ALL.put("embedding", x -> x.get(0).embedding(x.get(1)));
        ALL.put("embeddingBag mean", x -> x.get(0).embeddingBag(x.get(1), x.get(2), Combine.MEAN));
        ALL.put("transpose 2 0 1", x -> x.get(0).transpose(2, 0, 1).square());
        ALL.put("softmax of a transpose", x -> x.get(0).transpose(1, 0).softmax());
        ALL.put("matmul of slices", x -> x.get(0).slice(1, 1, 4).matmul(x.get(1).slice(0, 2, 5)));
        ALL.put("concat 1", x -> Tensor.concat(1, x).square());
        ALL.put("stack 1", x -> Tensor.stack(1, x).square());
        ALL.put("pad 1 2 1", x -> x.get(0).pad(1, 2, 1).exp());
    }

    private GoldenOperations() {}

    static Set<String> names() {
        return ALL.keySet();
    }

    static Tensor apply(String name, List<Tensor> operands) {
        return Objects.requireNonNull(ALL.get(name), name).apply(operands);
    }
}
