package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.op.Application;
import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Leaf;
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

    /** The gradients of a scalar with respect to some values. */
    public static List<Tensor> of(Tape tape, Tensor scalar, List<Tensor> wrt) {
        if (scalar.shape().size() != 1) {
            throw new IllegalArgumentException(
                    "an output that is no scalar needs a cotangent to start from: output=" + scalar.describe());
        }
        Value one = tape.broadcast(tape.constant(1, scalar.dtype().gradient()), scalar.shape());
        return of(tape, scalar, (Tensor) one, wrt);
    }

    /** The products of a cotangent of the output with the output's Jacobians with respect to some values. */
    public static List<Tensor> of(Tape tape, Tensor output, Tensor cotangent, List<Tensor> wrt) {
        if (!cotangent.type().equals(output.type().with(output.dtype().gradient()))) {
            throw new IllegalArgumentException("a cotangent must have its output's shape and gradient type: output="
                    + output.describe() + " cotangent=" + cotangent.describe());
        }
        return new Gradient(tape, output, wrt).run(cotangent, wrt);
    }

    /** The nodes up to the output that depend on the values asked about, and so need a cotangent. */
    private static BitSet dependents(Tensor output, List<Tensor> wrt) {
        BitSet dependents = new BitSet();
        wrt.forEach(tensor -> dependents.set(tensor.id()));
        List<Tensor> nodes = output.tape().nodes();
        for (int id = 0; id <= output.id(); id++) {
            Tensor node = nodes.get(id);
            if (node.isTracked() && node.inputs().stream().anyMatch(input -> dependents.get(input.id()))) {
                dependents.set(id);
            }
        }
        return dependents;
    }

    private List<Tensor> run(Tensor seed, List<Tensor> wrt) {
        BitSet kept = new BitSet();
        wrt.forEach(tensor -> kept.set(tensor.id()));
        cotangents[output.id()] = seed;
        for (int id = output.id(); id >= 0; id--) {
            Value cotangent = cotangents[id];
            Tensor node = tape.nodes().get(id);
            if (cotangent == null || !wanted.get(id)) {
                continue;
            }
            if (!(node.op() instanceof Leaf) && dependsOnWanted(node)) {
                tape.onBehalfOf(node, () -> propagate(node, cotangent));
            }
            if (!kept.get(id)) {
                cotangents[id] = null;
            }
        }
        return collect(wrt);
    }

    private boolean dependsOnWanted(Tensor node) {
        return node.isTracked() && node.inputs().stream().anyMatch(input -> wanted.get(input.id()));
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

    private List<Tensor> collect(List<Tensor> wrt) {
        List<Tensor> gradients = new ArrayList<>();
        List<Tensor> unreached = new ArrayList<>();
        for (Tensor tensor : wrt) {
            Value gradient = tensor.id() <= output.id() ? cotangents[tensor.id()] : null;
            if (gradient == null) {
                unreached.add(tensor);
            } else {
                gradients.add((Tensor) gradient);
            }
        }
        if (!unreached.isEmpty()) {
            throw new UnreachedException(output, unreached);
        }
        return gradients;
    }
}
