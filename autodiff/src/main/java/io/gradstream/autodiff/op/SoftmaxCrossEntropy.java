package io.gradstream.autodiff.op;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The loss ln Σ e^xⱼ - x_c of logits x[rows, classes] against class numbers c[rows], one per row, by log-sum-exp. */
public record SoftmaxCrossEntropy() implements Rowwise {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        TensorType logits = inputs.get(0);
        Rules.arithmetic(this, logits);
        Rules.rank(this, logits, 2);
        TensorType losses = TensorType.of(logits.dtype(), logits.shape().dim(0));
        Rules.type(this, "classes", inputs.get(1), losses.with(DType.I32));
        return losses;
    }

    /** x̄ = (softmax(x) - onehot(c))·ȳ. */
    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(
                e.multiply(error(e, at), e.reshape(cotangent, cotangent.shape().dim(0), 1)), null);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        if (tangent == null) {
            return null;
        }
        Value products = e.multiply(error(e, at), tangent);
        return e.reshape(e.sumKeeping(products, 1), at.output().shape());
    }

    private static Value error(Emitter e, Application at) {
        Value logits = at.input(0);
        Value truth = e.emit(new OneHot(logits.shape().dim(1), logits.dtype()), at.input(1));
        return e.subtract(e.softmax(logits), truth);
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new SoftmaxCrossEntropy(), Literal.wave(5, 7), Literal.ids(0, 6, 3, 3, 1)),
                Sample.of(
                                new SoftmaxCrossEntropy(),
                                new Literal(TensorType.of(DType.F32, 2, 2), 1e4, -1e4, -1e4, 1e4),
                                Literal.ids(0, 0))
                        .valuesOnly());
    }
}
