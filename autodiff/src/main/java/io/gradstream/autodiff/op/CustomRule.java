package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value under derivative rules of the user's own: operands 0…n-1 are what the rules differentiate by, the last operand
 * is the value itself, computed in any way from any operations, whose own rules are not asked. Surrogate gradients,
 * straight-through estimators and gradient reweighting are this.
 */
public record CustomRule(String label, Differentiable rule) implements View {

    /** Rules of a value with n operands: the application they see has these n operands. */
    public static CustomRule of(String label, Differentiable rule) {
        return new CustomRule(label, rule);
    }

    @Override
    public int source(List<? extends Value> inputs) {
        return inputs.size() - 1;
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        Rules.require(inputs.size() >= 2, this, "needs operands and a value", "operands=" + inputs);
        return inputs.get(inputs.size() - 1);
    }

    @Override
    public List<@Nullable Value> vjp(Emitter e, Application at, Value cotangent) {
        List<@Nullable Value> cotangents = new ArrayList<>(rule.vjp(e, operands(at), cotangent));
        cotangents.add(null);
        return cotangents;
    }

    @Override
    public @Nullable Value jvp(Emitter e, Application at, List<@Nullable Value> tangents) {
        return rule.jvp(e, operands(at), tangents.subList(0, tangents.size() - 1));
    }

    @Override
    public String name() {
        return "CustomRule(" + label + ")";
    }

    private static Application operands(Application at) {
        return new Application(at.inputs().subList(0, at.inputs().size() - 1), at.output());
    }

    public static List<Sample> samples() {
        return List.of(Sample.of(new CustomRule("square", new Square()), Literal.of(1, 2, 3), Literal.of(1, 4, 9))
                .valuesOnly());
    }
}
