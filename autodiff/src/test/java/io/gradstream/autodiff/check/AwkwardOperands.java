package io.gradstream.autodiff.check;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.op.Combine;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.OneHot;
import io.gradstream.autodiff.tape.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Functions of several operands or of row numbers, by name, for any length of what they walk along. */
final class AwkwardOperands {
    private static final int[] FEW = {0, 6, 3, 3};

    private AwkwardOperands() {}

    static Map<String, IntFunction<AgainstReference>> all() {
        Map<String, IntFunction<AgainstReference>> all = new LinkedHashMap<>();
        all.put("linear of many inputs", n -> linear(3, n, 5));
        all.put("linear of many outputs", n -> linear(3, 4, n));
        all.put("linear of many rows", n -> linear(n, 4, 5));
        all.put(
                "embedding of wide rows",
                n -> of(x -> x.get(0).embedding(x.get(1)), Literal.wave(7, n), Literal.ids(FEW)));
        all.put(
                "embedding of many rows",
                n -> of(x -> x.get(0).embedding(x.get(1)), Literal.wave(7, 3), numbers(n, 7)));
        for (Combine combine : Combine.values()) {
            all.put(
                    "bags of wide rows, " + combine,
                    n -> of(
                            x -> x.get(0).embeddingBag(x.get(1), x.get(2), combine),
                            Literal.wave(7, n),
                            Literal.ids(FEW),
                            Literal.ids(0, 3, 3, 4)));
            all.put(
                    "bags of many rows, " + combine,
                    n -> of(
                            x -> x.get(0).embeddingBag(x.get(1), x.get(2), combine),
                            Literal.wave(7, 3),
                            numbers(n, 7),
                            Literal.ids(0, n / 3, n / 3, n)));
        }
        all.put(
                "gather",
                n -> of(
                        x -> x.get(0).gather(1, x.get(1)),
                        Literal.wave(3, 5),
                        numbers(3 * n, 5).with(3, n)));
        all.put(
                "scatterAdd",
                n -> of(
                        x -> x.get(0).scatterAdd(1, x.get(1), 5),
                        Literal.wave(3, n),
                        numbers(3 * n, 5).with(3, n)));
        all.put("transpose of many rows", n -> of(x -> x.get(0).transpose(1, 0).tanh(), Literal.wave(n, 33)));
        all.put(
                "transpose of many matrices",
                n -> of(x -> x.get(0).transpose(2, 1, 0, 3).tanh(), Literal.wave(2, n, 3, 4)));
        all.put(
                "transpose of matrices in matrices",
                n -> of(x -> x.get(0).transpose(0, 3, 2, 1).tanh(), Literal.wave(2, 17, 2, n)));
        all.put(
                "concat of rows of fours",
                n -> of(x -> Tensor.concat(1, x).tanh(), Literal.wave(3, 4 * n), Literal.ripple(3, 8)));
        all.put("oneHot", n -> of(x -> x.get(0).apply(new OneHot(4, DType.F32)), numbers(n, 4)));
        all.put(
                "softmaxCrossEntropy of many rows",
                n -> of(x -> x.get(0).softmaxCrossEntropy(x.get(1)), Literal.wave(n, 5), numbers(n, 5)));
        all.put(
                "softmaxCrossEntropy of many classes",
                n -> of(x -> x.get(0).softmaxCrossEntropy(x.get(1)), Literal.wave(3, n + 1), Literal.ids(0, n / 2, n)));
        all.put(
                "sigmoidCrossEntropy",
                n -> of(x -> x.get(0).sigmoidCrossEntropy(x.get(1)), Literal.wave(3, n), Literal.fraction(3, n)));
        all.put(
                "choose",
                n -> of(
                        x -> x.get(0).greater(x.get(1)).choose(x.get(1), x.get(2)),
                        Literal.wave(3, n),
                        Literal.ripple(n),
                        Literal.positive(3, 1)));
        all.put("argMax of columns", n -> of(x -> x.get(0).argMax(0), Literal.wave(3, n)));
        all.put("argMax of rows", n -> of(x -> x.get(0).argMax(1), Literal.wave(3, n + 1)));
        all.put("rmsNorm", n -> of(x -> x.get(0).rmsNorm(x.get(1), 0.1), Literal.wave(3, n), Literal.ripple(n)));
        all.put(
                "attention written out",
                n -> of(
                        x -> x.get(0).plainAttention(x.get(1), x.get(2), false, x.get(3)),
                        Literal.wave(2, 5, 3),
                        Literal.ripple(2, n, 3),
                        Literal.positive(2, n, 3),
                        Literal.ids(n, n / 2)));
        return all;
    }

    private static AgainstReference linear(int rows, int inputs, int outputs) {
        return of(
                x -> x.get(0).linear(x.get(1), x.get(2)),
                Literal.wave(rows, inputs),
                Literal.ripple(outputs, inputs),
                Literal.positive(outputs));
    }

    private static AgainstReference of(Function<List<Tensor>, Tensor> function, Literal... operands) {
        return new AgainstReference(List.of(operands), function);
    }

    /** So many numbers below a bound, in no order, with repetitions. */
    private static Literal numbers(int count, int bound) {
        return Literal.ids(
                IntStream.range(0, count).map(i -> (int) ((long) i * i % bound)).toArray());
    }
}
