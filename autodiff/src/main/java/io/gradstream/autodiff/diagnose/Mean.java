package io.gradstream.autodiff.diagnose;

import io.gradstream.autodiff.op.Add;
import io.gradstream.autodiff.op.Cast;
import io.gradstream.autodiff.op.Constant;
import io.gradstream.autodiff.op.Divide;
import io.gradstream.autodiff.op.Input;
import io.gradstream.autodiff.op.Multiply;
import io.gradstream.autodiff.op.Reshape;
import io.gradstream.autodiff.op.Sum;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Finds the mean over data within a loss, and by what it is divided beyond that. */
final class Mean {
    private static final double ROUNDING = 1e-6;

    /** A part of a loss, and what it is multiplied by on the way there. */
    private record Term(Tensor value, double factor) {}

    private Mean() {}

    /** The sum within a loss that, with its factors, is exactly a mean over what data gave: nothing divides it any further. */
    static Optional<Tensor> undivided(Tensor loss) {
        Deque<Term> open = new ArrayDeque<>();
        open.push(new Term(loss, 1));
        while (!open.isEmpty()) {
            Term term = open.pop();
            Tensor node = term.value();
            switch (node.op()) {
                case Add _ -> node.inputs().forEach(part -> open.push(new Term(part, term.factor())));
                case Reshape _, Cast _ -> open.push(new Term(node.inputs().getFirst(), term.factor()));
                case Divide _ ->
                    constant(node.inputs().get(1))
                            .ifPresent(by -> open.push(new Term(node.inputs().getFirst(), term.factor() / by)));
                case Multiply _ -> {
                    Tensor left = node.inputs().get(0);
                    Tensor right = node.inputs().get(1);
                    constant(left).ifPresent(by -> open.push(new Term(right, term.factor() * by)));
                    constant(right).ifPresent(by -> open.push(new Term(left, term.factor() * by)));
                }
                case Sum _
                when isMean(node, term.factor()) && readsData(node) -> {
                    return Optional.of(node);
                }
                default -> {}
            }
        }
        return Optional.empty();
    }

    private static boolean isMean(Tensor sum, double factor) {
        double summed =
                (double) sum.inputs().getFirst().shape().size() / sum.shape().size();
        return Math.abs(summed * factor - 1) < ROUNDING;
    }

    private static OptionalDouble constant(Tensor node) {
        return node.op() instanceof Constant constant ? OptionalDouble.of(constant.value()) : OptionalDouble.empty();
    }

    private static boolean readsData(Tensor value) {
        Set<Tensor> seen = new HashSet<>();
        Deque<Tensor> open = new ArrayDeque<>();
        open.push(value);
        while (!open.isEmpty()) {
            Tensor node = open.pop();
            if (node.op() instanceof Input) {
                return true;
            }
            if (seen.add(node)) {
                node.inputs().forEach(open::push);
            }
        }
        return false;
    }
}
