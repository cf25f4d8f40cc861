package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.op.Application;
import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
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
    private final List<Tensor> wrt;
    private final Paths paths;
    private final Recomputation recomputation;
    private final @Nullable Value[] cotangents;

    private Gradient(Tape tape, Tensor output, List<Tensor> wrt, Paths paths, Checkpoint checkpoint) {
        this.tape = tape;
        this.output = output;
        this.wrt = List.copyOf(wrt);
        this.paths = paths;
        this.recomputation = new Recomputation(tape, checkpoint);
        this.cotangents = new Value[output.id() - paths.first() + 1];
    }

    private static Gradient total(Tape tape, Tensor output, List<Tensor> wrt) {
        return new Gradient(tape, output, wrt, Paths.to(output, wrt, true), Checkpoint.everything());
    }

    /** The gradients of a scalar with respect to some values, each of which must be reached. */
    public static List<Tensor> of(Tensor scalar, Tensor... wrt) {
        return of(scalar.tape(), scalar, List.of(wrt));
    }

    /** The gradients of a scalar with respect to some values, each of which must be reached. */
    public static List<Tensor> of(Tape tape, Tensor scalar, List<Tensor> wrt) {
        return of(tape, scalar, seed(tape, scalar), wrt);
    }

    /** The gradients of a scalar, for which backward keeps only some values and computes the others again. */
    public static List<Tensor> of(Tape tape, Tensor scalar, List<Tensor> wrt, Checkpoint checkpoint) {
        return new Gradient(tape, scalar, wrt, Paths.to(scalar, wrt, true), checkpoint).reaching(seed(tape, scalar));
    }

    /** The products of a cotangent of the output with the output's Jacobians with respect to some values. */
    public static List<Tensor> of(Tape tape, Tensor output, Tensor cotangent, List<Tensor> wrt) {
        return total(tape, output, wrt).reaching(cotangent);
    }

    /**
     * Partial derivatives: like {@link #of(Tape, Tensor, Tensor, List)}, but the values are independent variables, whatever they
     * were computed from, and what the output does not depend on gets zeros.
     */
    public static List<Tensor> partial(Tape tape, Tensor output, Tensor cotangent, List<Tensor> wrt) {
        return partial(tape, List.of(output), List.of(cotangent), wrt);
    }

    /** Partial derivatives of several outputs, each times its own cotangent, summed. */
    public static List<Tensor> partial(Tape tape, List<Tensor> outputs, List<Tensor> cotangents, List<Tensor> wrt) {
        if (outputs.size() != cotangents.size() || outputs.isEmpty()) {
            throw new IllegalArgumentException(
                    "every output needs a cotangent: outputs=" + outputs.size() + " cotangents=" + cotangents.size());
        }
        Tensor last = Collections.max(outputs, Comparator.comparingInt(Tensor::id));
        Gradient gradient = new Gradient(tape, last, wrt, Paths.to(last, wrt, false), Checkpoint.everything());
        for (int i = 0; i < outputs.size(); i++) {
            gradient.start(outputs.get(i), cotangents.get(i));
        }
        gradient.run();
        return gradient.orZeros();
    }

    /** The gradients of a scalar with respect to some values, zeros where none reaches. */
    public static List<Tensor> orZeros(Tape tape, Tensor scalar, List<Tensor> wrt) {
        Gradient gradient = total(tape, scalar, wrt);
        gradient.start(scalar, seed(tape, scalar));
        gradient.run();
        return gradient.orZeros();
    }

    private static Tensor seed(Tape tape, Tensor scalar) {
        if (scalar.shape().size() != 1) {
            throw new IllegalArgumentException(
                    "an output that is no scalar needs a cotangent to start from: output=" + scalar.describe());
        }
        return (Tensor) tape.broadcast(tape.constant(1, scalar.dtype().gradient()), scalar.shape());
    }

    private List<Tensor> reaching(Tensor cotangent) {
        start(output, cotangent);
        run();
        List<Tensor> unreached = wrt.stream().filter(value -> at(value) == null).toList();
        if (!unreached.isEmpty()) {
            throw new UnreachedException(output, unreached);
        }
        return orZeros();
    }

    private void start(Tensor from, Tensor cotangent) {
        if (!cotangent.type().equals(from.type().with(from.dtype().gradient()))) {
            throw new IllegalArgumentException("a cotangent must have its output's shape and gradient type: output="
                    + from.describe() + " cotangent=" + cotangent.describe());
        }
        if (from.id() >= paths.first()) {
            add(from.id(), cotangent);
        }
    }

    private void add(int node, Value contribution) {
        int place = node - paths.first();
        Value before = cotangents[place];
        cotangents[place] = before == null ? contribution : tape.add(before, contribution);
    }

    private void run() {
        BitSet kept = new BitSet();
        wrt.forEach(value -> kept.set(value.id()));
        int first = paths.first();
        for (int id = output.id(); id >= first; id--) {
            Value cotangent = cotangents[id - first];
            if (cotangent == null) {
                continue;
            }
            Tensor node = tape.nodes().get(id);
            if (paths.leadTo(node)) {
                tape.onBehalfOf(node, () -> propagate(node, cotangent));
            }
            if (!kept.get(id)) {
                cotangents[id - first] = null;
            }
        }
    }

    private @Nullable Void propagate(Tensor node, Value cotangent) {
        if (!(node.op() instanceof Differentiable rule)) {
            throw new NoRuleException(node);
        }
        List<@Nullable Value> contributions = rule.vjp(tape, application(node), cotangent);
        for (int i = 0; i < contributions.size(); i++) {
            Value contribution = contributions.get(i);
            int input = node.inputs().get(i).id();
            if (contribution != null && paths.contain(input)) {
                add(input, contribution);
            }
        }
        return null;
    }

    private Application application(Tensor node) {
        List<Value> inputs = new ArrayList<>(node.inputs().size());
        for (Tensor input : node.inputs()) {
            inputs.add(recomputation.of(input));
        }
        return new Application(inputs, recomputation.of(node));
    }

    private @Nullable Tensor at(Tensor value) {
        return value.id() <= output.id() ? (Tensor) cotangents[value.id() - paths.first()] : null;
    }

    private List<Tensor> orZeros() {
        List<Tensor> gradients = new ArrayList<>();
        for (Tensor tensor : wrt) {
            Tensor gradient = at(tensor);
            gradients.add(gradient == null ? (Tensor) tape.zeros(tensor) : gradient);
        }
        return gradients;
    }
}
