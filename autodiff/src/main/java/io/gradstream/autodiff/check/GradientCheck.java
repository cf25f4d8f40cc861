package io.gradstream.autodiff.check;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import io.gradstream.autodiff.transform.Jvp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Derivative rules against central differences, in double precision on the reference device: for any function of tensors,
 * also one with rules of its own. The function sees floating inputs as F64 and must be smooth around them.
 */
public final class GradientCheck {

    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 1e-6;

    private final Function<List<Tensor>, Tensor> function;
    private final List<Literal> inputs;
    private final ReferenceDevice device = new ReferenceDevice();

    private GradientCheck(Function<List<Tensor>, Tensor> function, List<Literal> inputs) {
        this.function = function;
        this.inputs = inputs.stream().map(GradientCheck::wide).toList();
    }

    /** What backward rules (vjp) get wrong, by input and element. */
    public static List<Mismatch> reverse(Function<List<Tensor>, Tensor> function, List<Literal> inputs) {
        return new GradientCheck(function, inputs).reverse();
    }

    /** What forward rules (jvp) get wrong, by input and element. */
    public static List<Mismatch> forward(Function<List<Tensor>, Tensor> function, List<Literal> inputs) {
        return new GradientCheck(function, inputs).forward();
    }

    private List<Mismatch> reverse() {
        try (Tape tape = Tape.eager(device)) {
            List<Tensor> leaves = leaves(tape, inputs);
            Tensor output = function.apply(leaves);
            Tensor weighted = weighted(tape, output);
            List<Tensor> gradients = Gradient.orZeros(tape, weighted, leaves);
            List<Mismatch> mismatches = new ArrayList<>();
            for (int input = 0; input < leaves.size(); input++) {
                if (!leaves.get(input).dtype().isFloating()) {
                    continue;
                }
                double[] rule = gradients.get(input).values();
                for (int index = 0; index < rule.length; index++) {
                    compare(output, input, index, rule[index], difference(input, index), mismatches);
                }
            }
            return mismatches;
        }
    }

    private List<Mismatch> forward() {
        List<Mismatch> mismatches = new ArrayList<>();
        for (int input = 0; input < inputs.size(); input++) {
            Literal literal = inputs.get(input);
            if (!literal.type().dtype().isFloating()) {
                continue;
            }
            for (int index = 0; index < literal.values().length; index++) {
                try (Tape tape = Tape.eager(device)) {
                    List<Tensor> leaves = leaves(tape, inputs);
                    Tensor output = function.apply(leaves);
                    Tensor weighted = weighted(tape, output);
                    double[] unit = new double[literal.values().length];
                    unit[index] = 1;
                    Tensor tangent = tape.input("tangent", new Literal(literal.type(), unit));
                    Tensor rule = Jvp.of(tape, weighted, List.of(leaves.get(input)), List.of(tangent));
                    compare(output, input, index, rule.item(), difference(input, index), mismatches);
                }
            }
        }
        return mismatches;
    }

    /** The derivative of the weighted output by one element, from the function's values on both sides of it. */
    private double difference(int input, int index) {
        double at = inputs.get(input).values()[index];
        double step = STEP * Math.max(1, Math.abs(at));
        return (value(input, index, at + step) - value(input, index, at - step)) / (2 * step);
    }

    private double value(int input, int index, double element) {
        List<Literal> moved = new ArrayList<>(inputs);
        double[] values = inputs.get(input).values();
        values[index] = element;
        moved.set(input, new Literal(inputs.get(input).type(), values));
        try (Tape tape = Tape.eager(device)) {
            return weighted(tape, function.apply(leaves(tape, moved))).item();
        }
    }

    /** One number that depends on every element of the output in its own measure. */
    private static Tensor weighted(Tape tape, Tensor output) {
        double[] weights = new double[Math.toIntExact(output.shape().size())];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 0.5 + (i * 0.618034) % 1;
        }
        TensorType type = new TensorType(output.shape(), DType.F64);
        return output.cast(DType.F64)
                .multiply(tape.input("weights", new Literal(type, weights)))
                .sum();
    }

    private static List<Tensor> leaves(Tape tape, List<Literal> literals) {
        List<Tensor> leaves = new ArrayList<>();
        for (Literal literal : literals) {
            leaves.add(tape.input("input " + leaves.size(), literal));
        }
        return leaves;
    }

    private static void compare(
            Tensor output, int input, int index, double rule, double difference, List<Mismatch> mismatches) {
        double scale = Math.max(1, Math.max(Math.abs(rule), Math.abs(difference)));
        if (!(Math.abs(rule - difference) <= TOLERANCE * scale)) {
            mismatches.add(new Mismatch(output.describe(), input, index, rule, difference));
        }
    }

    private static Literal wide(Literal literal) {
        return literal.type().dtype().isFloating()
                ? new Literal(literal.type().with(DType.F64), literal.values())
                : literal;
    }
}
