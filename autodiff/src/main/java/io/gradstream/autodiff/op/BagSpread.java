package io.gradstream.autodiff.op;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transpose of {@link BagCombine}: y[i, ·] = bags[b, ·] for the bag b that i lies in, divided by the bag's length for a
 * mean; zeros where i lies in no bag.
 */
public record BagSpread(Combine combine, int capacity) implements Lookup {

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.arity(this, inputs, 2);
        TensorType bags = inputs.get(0);
        Rules.arithmetic(this, bags);
        Rules.rank(this, bags, 2);
        int offsets = Rules.bags(this, inputs.get(1));
        Rules.require(
                offsets == bags.shape().dim(0),
                this,
                "needs an offset pair per bag",
                "bags=" + bags + " offsets=" + inputs.get(1));
        return bags.with(Shape.of(capacity, bags.shape().dim(1)));
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        return Rules.listOf(e.emit(new BagCombine(combine), cotangent, at.input(1)), null);
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        Value tangent = tangents.get(0);
        return tangent == null ? null : e.emit(this, tangent, at.input(1));
    }

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new BagSpread(Combine.SUM, 7), Literal.wave(3, 3), Literal.ids(0, 2, 2, 5)),
                Sample.of(new BagSpread(Combine.MEAN, 7), Literal.wave(3, 3), Literal.ids(0, 2, 2, 5)),
                Sample.of(new BagSpread(Combine.MEAN, 4), Literal.wave(1, 17), Literal.ids(1, 4)));
    }
}
