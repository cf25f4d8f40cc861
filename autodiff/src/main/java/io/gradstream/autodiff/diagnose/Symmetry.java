package io.gradstream.autodiff.diagnose;

import io.gradstream.autodiff.op.Binary;
import io.gradstream.autodiff.op.Cast;
import io.gradstream.autodiff.op.Constant;
import io.gradstream.autodiff.op.Linear;
import io.gradstream.autodiff.op.Matmul;
import io.gradstream.autodiff.op.Unary;
import io.gradstream.autodiff.op.View;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Hidden units that cannot come to differ: a layer gives all its units the same weights and bias, what follows treats them alike,
 * and the next layer gives all of them the same weight. Zeros in two layers in a row are the usual case; zeros in the last layer
 * alone are none.
 */
final class Symmetry {

    private final Set<Tensor> parameters;
    private final Function<Tensor, Optional<double[]>> numbers;
    private final Map<Tensor, Optional<double[]>> known = new HashMap<>();
    private final Map<Tensor, List<Tensor>> readers = new HashMap<>();
    private final List<Tensor> nodes;

    Symmetry(Tape tape, List<Tensor> parameters, Function<Tensor, Optional<double[]>> numbers) {
        this.parameters = new HashSet<>(parameters);
        this.numbers = numbers;
        this.nodes = List.copyOf(tape.nodes());
        for (Tensor node : nodes) {
            node.inputs()
                    .forEach(input -> readers.computeIfAbsent(input, key -> new ArrayList<>())
                            .add(node));
        }
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (Tensor node : nodes) {
            if (isProduct(node) && makesEqualUnits(node)) {
                List<Tensor> next = new ArrayList<>();
                if (isTreatedAlike(node, next)) {
                    findings.add(new Finding(
                            Rule.SYMMETRIC_UNITS, source(node.inputs().get(1)), next));
                }
            }
        }
        return findings;
    }

    private static boolean isProduct(Tensor node) {
        return (node.op() instanceof Linear || node.op() instanceof Matmul)
                && node.inputs().get(1).shape().rank() == 2;
    }

    private boolean makesEqualUnits(Tensor product) {
        boolean many = product.shape().rank() > 0 && product.shape().dim(-1) > 1;
        boolean bias = product.inputs().size() < 3 || isUniform(product.inputs().get(2));
        return many && bias && isAlike(product, true);
    }

    /** Whether every reader of a layer's output treats its units alike; collects the weights of the layers at the ends. */
    private boolean isTreatedAlike(Tensor layer, List<Tensor> ends) {
        Deque<Tensor> open = new ArrayDeque<>(List.of(layer));
        while (!open.isEmpty()) {
            Tensor value = open.pop();
            for (Tensor use : readers.getOrDefault(value, List.of())) {
                if (isProduct(use) && use.inputs().get(0) == value && isAlike(use, false)) {
                    ends.add(source(use.inputs().get(1)));
                } else if (carries(use, value)) {
                    open.push(use);
                } else {
                    return false;
                }
            }
        }
        return !ends.isEmpty();
    }

    private boolean carries(Tensor use, Tensor value) {
        return switch (use.op()) {
            case Unary _, Cast _ -> true;
            case View _ -> use.type().equals(value.type());
            case Binary _ -> use.inputs().stream().allMatch(input -> input == value || isUniform(input));
            default -> false;
        };
    }

    /** Whether a product gives its units the same weights (out of it), or its inputs the same weight (into it). */
    private boolean isAlike(Tensor product, boolean out) {
        Tensor weight = product.inputs().get(1);
        boolean unitsAreRows =
                product.op() instanceof Linear || (product.op() instanceof Matmul matmul && matmul.transposeB());
        return numbers(weight)
                .map(values -> areEqual(values, weight.shape().dim(-1), out == unitsAreRows))
                .orElse(false);
    }

    /** Whether all rows, or all columns, of a matrix are equal. */
    private static boolean areEqual(double[] matrix, int columns, boolean rows) {
        for (int i = 0; i < matrix.length; i++) {
            double first = rows ? matrix[i % columns] : matrix[i - i % columns];
            if (matrix[i] != first) {
                return false;
            }
        }
        return true;
    }

    private boolean isUniform(Tensor value) {
        return value.op() instanceof Constant
                || numbers(value).map(Symmetry::isUniform).orElse(false);
    }

    private static boolean isUniform(double[] values) {
        for (double value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return true;
    }

    private Optional<double[]> numbers(Tensor value) {
        Tensor source = source(value);
        return parameters.contains(source) ? known.computeIfAbsent(source, numbers) : Optional.empty();
    }

    private static Tensor source(Tensor value) {
        return value.op() instanceof Cast ? value.inputs().get(0) : value;
    }
}
