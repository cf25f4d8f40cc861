package io.gradstream.load.golden;

import static io.gradstream.load.golden.GoldenCase.golden;

import io.gradstream.autodiff.op.Literal;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Every operation at operands that broadcast, are transposed or cut, where it has such. */
final class GoldenCases {
    private static final long NONE = 0;
    private static final double EPSILON = 1e-5;

    private GoldenCases() {}

    static List<GoldenCase> all() {
        List<GoldenCase> cases = new ArrayList<>();
        cases.addAll(arithmetic());
        cases.addAll(functions());
        cases.addAll(reductions());
        cases.addAll(rows());
        cases.addAll(products());
        cases.addAll(losses());
        cases.addAll(lookups());
        cases.addAll(movements());
        return cases;
    }

    private static List<GoldenCase> arithmetic() {
        Literal matrix = Literal.wave(3, 4);
        Literal row = Literal.ripple(4);
        Literal column = Literal.positive(3, 1);
        return List.of(
                golden("add", x -> x.get(0).add(x.get(1)), matrix, row),
                golden("subtract", x -> x.get(0).sub(x.get(1)), row, matrix),
                golden("multiply", x -> x.get(0).mul(x.get(1)), column, row),
                golden("divide", x -> x.get(0).div(x.get(1)), matrix, column),
                golden("maximum", x -> torch.maximum(x.get(0), x.get(1)), matrix, row),
                golden("minimum", x -> torch.minimum(x.get(0), x.get(1)), column, matrix),
                golden(
                        "where",
                        x -> torch.where(torch.gt(x.get(0), new Scalar(0)), x.get(1), x.get(2)),
                        matrix,
                        row,
                        column));
    }

    private static List<GoldenCase> functions() {
        Literal any = Literal.wave(13);
        Literal positive = Literal.positive(13);
        return List.of(
                golden("exp", x -> x.get(0).exp(), any),
                golden("log", x -> x.get(0).log(), positive),
                golden("log1p", x -> x.get(0).log1p(), positive),
                golden("sqrt", x -> x.get(0).sqrt(), positive),
                golden("square", x -> x.get(0).square(), any),
                golden("power -1.5", x -> x.get(0).pow(new Scalar(-1.5)), positive),
                golden("abs", x -> x.get(0).abs(), any),
                golden("sign", x -> x.get(0).sign(), any),
                golden("erf", x -> x.get(0).erf(), any),
                golden("round", x -> x.get(0).round(), any),
                golden("floor", x -> x.get(0).floor(), any),
                golden(
                        "clamp -0.7 0.9",
                        x -> torch.clamp(
                                x.get(0), new ScalarOptional(new Scalar(-0.7)), new ScalarOptional(new Scalar(0.9))),
                        any),
                golden("relu", x -> torch.relu(x.get(0)), any),
                golden("leakyRelu 0.01", x -> torch.leaky_relu(x.get(0)), any),
                golden("elu 1", x -> torch.elu(x.get(0)), any),
                golden("sigmoid", x -> torch.sigmoid(x.get(0)), any),
                golden("tanh", x -> torch.tanh(x.get(0)), any),
                golden("gelu", x -> torch.gelu(x.get(0)), any),
                golden("silu", x -> torch.silu(x.get(0)), any),
                golden("softplus", x -> torch.softplus(x.get(0)), any));
    }

    private static List<GoldenCase> reductions() {
        Literal block = Literal.wave(2, 3, 4);
        return List.of(
                golden("sum 0 2", x -> x.get(0).sum(0, 2), block),
                golden("mean 1", x -> x.get(0).mean(1), block),
                golden("max 2", x -> torch.amax(x.get(0), new long[] {2}, false), block),
                golden("min 0", x -> torch.amin(x.get(0), new long[] {0}, false), block),
                golden("argMax 1", x -> torch.argmax(x.get(0), new LongOptional(1), false), block),
                golden("logSumExp 1 2", x -> torch.logsumexp(x.get(0), new long[] {1, 2}, false), block),
                golden(
                        "norm 0 1",
                        x -> torch.linalg_vector_norm(
                                x.get(0), new Scalar(2), new long[] {0, 1}, false, new ScalarTypeOptional()),
                        block),
                golden(
                        "variance 2",
                        x -> x.get(0)
                                .sub(x.get(0).mean(new long[] {2}, true, new ScalarTypeOptional()))
                                .square()
                                .mean(2),
                        block));
    }

    private static List<GoldenCase> rows() {
        Literal rows = Literal.wave(3, 5);
        return List.of(
                golden("softmax", x -> torch.softmax(x.get(0), -1), rows),
                golden("logSoftmax", x -> torch.log_softmax(x.get(0), -1), rows),
                golden(
                        "layerNorm",
                        x -> torch.layer_norm(
                                x.get(0),
                                new long[] {5},
                                new TensorOptional(x.get(1)),
                                new TensorOptional(x.get(2)),
                                EPSILON,
                                false),
                        rows,
                        Literal.positive(5),
                        Literal.ripple(5)),
                golden(
                        "rmsNorm",
                        x -> torch.rms_norm(
                                x.get(0), new long[] {5}, new TensorOptional(x.get(1)), new DoubleOptional(EPSILON)),
                        rows,
                        Literal.positive(5)));
    }

    private static List<GoldenCase> products() {
        return List.of(
                golden("matmul", x -> x.get(0).matmul(x.get(1)), Literal.wave(2, 3), Literal.ripple(3, 4)),
                golden("matmul left", x -> x.get(0).t().matmul(x.get(1)), Literal.wave(3, 2), Literal.ripple(3, 4)),
                golden("matmul right", x -> x.get(0).matmul(x.get(1).t()), Literal.wave(2, 3), Literal.ripple(4, 3)),
                golden("matmul both", x -> x.get(0).t().matmul(x.get(1).t()), Literal.wave(3, 2), Literal.ripple(4, 3)),
                golden(
                        "matmul batch",
                        x -> torch.bmm(x.get(0), x.get(1)),
                        Literal.wave(2, 3, 2),
                        Literal.ripple(2, 2, 3)),
                golden(
                        "matmul batch both",
                        x -> torch.bmm(x.get(0).transpose(1, 2), x.get(1).transpose(1, 2)),
                        Literal.wave(2, 2, 3),
                        Literal.ripple(2, 3, 2)),
                golden(
                        "linear",
                        x -> torch.linear(x.get(0), x.get(1), new TensorOptional(x.get(2))),
                        Literal.wave(3, 4),
                        Literal.ripple(2, 4),
                        Literal.positive(2)),
                golden(
                        "attention",
                        x -> attention(x, torch.zeros(3, 4).to(torch.ScalarType.Double)),
                        Literal.wave(2, 3, 2),
                        Literal.ripple(2, 4, 2),
                        Literal.positive(2, 4, 2)),
                golden(
                        "attention causal",
                        x -> attention(x, future(3)),
                        Literal.wave(2, 3, 2),
                        Literal.ripple(2, 3, 2),
                        Literal.positive(2, 3, 2)));
    }

    private static Tensor attention(List<Tensor> x, Tensor mask) {
        Tensor scores = torch.bmm(x.get(0), x.get(1).transpose(1, 2)).div(new Scalar(Math.sqrt(2)));
        return torch.bmm(torch.softmax(scores.add(mask), -1), x.get(2));
    }

    private static Tensor future(int length) {
        Tensor ones = torch.ones(length, length).to(torch.ScalarType.Double);
        return torch.triu(ones, 1).mul(new Scalar(-1e30));
    }

    private static List<GoldenCase> losses() {
        Literal logits = Literal.wave(4, 3);
        Literal classes = Literal.ids(2, 0, 1, 1);
        Literal values = Literal.wave(7);
        Literal labels = Literal.fraction(7);
        return List.of(
                golden(
                        "sigmoidCrossEntropy",
                        x -> torch.binary_cross_entropy_with_logits(
                                x.get(0), x.get(1), new TensorOptional(), new TensorOptional(), NONE),
                        values,
                        labels),
                golden(
                        "sigmoidCrossEntropy 3",
                        x -> torch.binary_cross_entropy_with_logits(
                                x.get(0), x.get(1), new TensorOptional(), new TensorOptional(Tensor.create(3.0)), NONE),
                        values,
                        labels),
                golden(
                        "softmaxCrossEntropy",
                        x -> torch.cross_entropy_loss(x.get(0), x.get(1), new TensorOptional(), NONE, -100, 0),
                        logits,
                        classes),
                golden(
                        "softmaxCrossEntropy 0.1",
                        x -> torch.cross_entropy_loss(x.get(0), x.get(1), new TensorOptional(), NONE, -100, 0.1),
                        logits,
                        classes),
                golden(
                        "softmaxCrossEntropy 0.2 0.5 2 1",
                        x -> torch.cross_entropy_loss(
                                x.get(0), x.get(1), new TensorOptional(Tensor.create(0.5, 2.0, 1.0)), NONE, -100, 0.2),
                        logits,
                        classes),
                golden("squaredError", x -> torch.mse_loss(x.get(0), x.get(1), NONE), values, labels),
                golden("absoluteError", x -> torch.l1_loss(x.get(0), x.get(1), NONE), values, labels),
                golden("huber 0.8", x -> torch.huber_loss(x.get(0), x.get(1), NONE, 0.8), values, labels),
                golden(
                        "poisson",
                        x -> torch.poisson_nll_loss(x.get(0), x.get(1), true, false, 1e-8, NONE),
                        values,
                        labels));
    }

    private static List<GoldenCase> lookups() {
        Literal ids = Literal.ids(2, 0, 2, 1, 0, 0, 1, 1).with(2, 4);
        return List.of(
                golden("gather 1", x -> torch.gather(x.get(0), 1, x.get(1)), Literal.wave(2, 3), ids),
                golden(
                        "scatterAdd 1 3",
                        x -> torch.scatter_add(torch.zeros(2, 3).to(torch.ScalarType.Double), 1, x.get(1), x.get(0)),
                        Literal.wave(2, 4),
                        ids),
                golden(
                        "embedding",
                        x -> torch.embedding(x.get(0), x.get(1)),
                        Literal.wave(4, 3),
                        Literal.ids(2, 0, 2, 3)),
                golden(
                        "embeddingBag mean",
                        x -> bag(x.get(0), new long[] {2, 0, 2}, new long[] {3, 1}),
                        Literal.wave(4, 3),
                        Literal.ids(2, 0, 2, 3, 1),
                        Literal.ids(0, 3, 3, 5)));
    }

    /** The means of three bags: of the first rows named, of none, of the last rows named. */
    private static Tensor bag(Tensor table, long[] first, long[] last) {
        Tensor none = torch.zeros(1, table.size(1)).to(torch.ScalarType.Double);
        return torch.cat(new TensorVector(mean(table, first), none, mean(table, last)), 0);
    }

    private static Tensor mean(Tensor table, long[] ids) {
        return torch.embedding(table, Tensor.create(ids)).mean(new long[] {0}, true, new ScalarTypeOptional());
    }

    private static List<GoldenCase> movements() {
        return List.of(
                golden("transpose 2 0 1", x -> x.get(0).permute(2, 0, 1).square(), Literal.wave(2, 3, 4)),
                golden("softmax of a transpose", x -> torch.softmax(x.get(0).t(), -1), Literal.wave(3, 5)),
                golden(
                        "matmul of slices",
                        x -> x.get(0).narrow(1, 1, 3).matmul(x.get(1).narrow(0, 2, 3)),
                        Literal.wave(2, 5),
                        Literal.ripple(6, 2)),
                golden(
                        "concat 1",
                        x -> torch.cat(new TensorVector(x.get(0), x.get(1)), 1).square(),
                        Literal.wave(2, 3),
                        Literal.ripple(2, 1)),
                golden(
                        "stack 1",
                        x -> torch.stack(new TensorVector(x.get(0), x.get(1)), 1)
                                .square(),
                        Literal.wave(2, 3),
                        Literal.ripple(2, 3)),
                golden("pad 1 2 1", x -> torch.constant_pad_nd(x.get(0), 2, 1).exp(), Literal.wave(2, 3)));
    }
}
