package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.op.Application;
import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reverse-mode differentiation: walks a tape backward from an output and records, on the same tape, the operations that
 * compute its gradients. What it records can be differentiated again.
 *
 * <p>Node numbers are a topological order, so one loop from the output downward meets every node after all of its uses;
 * cotangents that arrive by several paths add up.
 */
public final class Gradient {

    private final Tape tape;
    private final Tensor output;
    private final @Nullable Value[] cotangents;
    private final BitSet wanted;

    private Gradient(Tape tape, Tensor output, List<Tensor> wrt) {
        this.tape = tape;
        this.output = output;
        this.cotangents = new Value[output.id() + 1];
        this.wanted = dependents(output, wrt);
    }

    /** The gradients of a scalar with respect to some values, each of which must be reached. */
    public static List<Tensor> of(Tape tape, Tensor scalar, List<Tensor> wrt) {
        return of(tape, scalar, seed(tape, scalar), wrt);
    }

    /** The products of a cotangent of the output with the output's Jacobians with respect to some values. */
    public static List<Tensor> of(Tape tape, Tensor output, Tensor cotangent, List<Tensor> wrt) {
        if (!cotangent.type().equals(output.type().with(output.dtype().gradient()))) {
            throw new IllegalArgumentException("a cotangent must have its output's shape and gradient type: output="
                    + output.describe() + " cotangent=" + cotangent.describe());
        }
        Gradient gradient = new Gradient(tape, output, wrt);
        gradient.run(cotangent, wrt);
        List<Tensor> unreached =
                wrt.stream().filter(tensor -> gradient.at(tensor) == null).toList();
        if (!unreached.isEmpty()) {
            throw new UnreachedException(output, unreached);
        }
        return gradient.orZeros(wrt);
    }

    /** The gradients of a scalar with respect to some values, zeros where none reaches. */
    public static List<Tensor> orZeros(Tape tape, Tensor scalar, List<Tensor> wrt) {
        Gradient gradient = new Gradient(tape, scalar, wrt);
        gradient.run(seed(tape, scalar), wrt);
        return gradient.orZeros(wrt);
    }

    private static Tensor seed(Tape tape, Tensor scalar) {
        if (scalar.shape().size() != 1) {
            throw new IllegalArgumentException(
                    "an output that is no scalar needs a cotangent to start from: output=" + scalar.describe());
        }
        return (Tensor) tape.broadcast(tape.constant(1, scalar.dtype().gradient()), scalar.shape());
    }

    /** The nodes up to the output that depend on the values asked about, and so need a cotangent. */
    private static BitSet dependents(Tensor output, List<Tensor> wrt) {
        BitSet dependents = new BitSet();
        wrt.forEach(tensor -> dependents.set(tensor.id()));
        List<Tensor> nodes = output.tape().nodes();
        for (int id = 0; id <= output.id(); id++) {
            Tensor node = nodes.get(id);
            if (dependsOn(dependents, node)) {
                dependents.set(id);
            }
        }
        return dependents;
    }

    private static boolean dependsOn(BitSet values, Tensor node) {
        if (!node.isTracked()) {
            return false;
        }
        for (Tensor input : node.inputs()) {
            if (values.get(input.id())) {
                return true;
            }
        }
        return false;
    }

    private void run(Tensor seed, List<Tensor> wrt) {
        BitSet kept = new BitSet();
        wrt.forEach(tensor -> kept.set(tensor.id()));
        cotangents[output.id()] = seed;
        for (int id = output.id(); id >= 0; id--) {
            Value cotangent = cotangents[id];
            Tensor node = tape.nodes().get(id);
            if (cotangent == null || !wanted.get(id)) {
                continue;
            }
            if (dependsOn(wanted, node)) {
                tape.onBehalfOf(node, () -> propagate(node, cotangent));
            }
            if (!kept.get(id)) {
                cotangents[id] = null;
            }
        }
    }

    private @Nullable Void propagate(Tensor node, Value cotangent) {
        if (!(node.op() instanceof Differentiable rule)) {
            throw new NoRuleException(node);
        }
        List<@Nullable Value> contributions =
                rule.vjp(tape, new Application(List.copyOf(node.inputs()), node), cotangent);
        for (int i = 0; i < contributions.size(); i++) {
            Value contribution = contributions.get(i);
            int input = node.inputs().get(i).id();
            if (contribution != null && wanted.get(input)) {
                Value before = cotangents[input];
                cotangents[input] = before == null ? contribution : tape.add(before, contribution);
            }
        }
        return null;
    }

    private @Nullable Tensor at(Tensor value) {
        return value.id() <= output.id() ? (Tensor) cotangents[value.id()] : null;
    }

    private List<Tensor> orZeros(List<Tensor> wrt) {
        List<Tensor> gradients = new ArrayList<>();
        for (Tensor tensor : wrt) {
            Tensor gradient = at(tensor);
            gradients.add(gradient == null ? (Tensor) tape.zeros(tensor) : gradient);
        }
        return gradients;
    }
}
