package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.device.Buffer;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.op.Constant;
import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.op.Leaf;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A run of a plan that is watched: the same tape runs eagerly beside it, node by node, from the same leaves, and every output
 * and every overwritten leaf must come out equal. A fault of replay, fusion or placement is never silent then.
 */
public final class Shadow {

    private final Plan plan;
    private final Device device;
    private final double tolerance;

    private Shadow(Plan plan, Device device, double tolerance) {
        this.plan = plan;
        this.device = device;
        this.tolerance = tolerance;
    }

    /**
     * Runs a plan once and compares.
     *
     * @param device where the eager run happens: the reference, or the plan's own kind of device for equal bits
     * @param tolerance the largest difference allowed, relative to the largest number of the value; 0 demands equal numbers
     * @throws ShadowException when a value differs
     */
    public static void run(Plan plan, Device device, double tolerance) {
        new Shadow(plan, device, tolerance).run();
    }

    private void run() {
        Map<Tensor, Literal> leaves = leaves();
        plan.run();
        try (Tape eager = Tape.eager(device)) {
            Map<Tensor, Tensor> images = replay(eager, leaves);
            for (Tensor watched : watched()) {
                compare(watched, read(watched), Objects.requireNonNull(images.get(watched)));
            }
        }
    }

    private Map<Tensor, Literal> leaves() {
        Map<Tensor, Literal> leaves = new HashMap<>();
        for (Tensor node : plan.tape().nodes()) {
            if (node.op() instanceof Leaf && !(node.op() instanceof Constant)) {
                leaves.put(node, new Literal(node.type(), read(node)));
            }
        }
        return leaves;
    }

    private Map<Tensor, Tensor> replay(Tape eager, Map<Tensor, Literal> leaves) {
        Map<Tensor, Tensor> images = new HashMap<>();
        for (Tensor node : plan.tape().nodes()) {
            Literal content = leaves.get(node);
            Value[] inputs = node.inputs().stream().map(images::get).toArray(Value[]::new);
            images.put(
                    node,
                    eager.onBehalfOf(
                            node,
                            () -> content == null
                                    ? eager.emit(node.op(), inputs)
                                    : eager.input("leaf " + node.id(), content)));
        }
        return images;
    }

    /** The outputs, and the last version of every leaf that in-place operations overwrite. */
    private Set<Tensor> watched() {
        Set<Tensor> watched = new LinkedHashSet<>(plan.outputs());
        for (Tensor node : plan.tape().nodes()) {
            if (node.op() instanceof InPlace inPlace) {
                inPlace.overwrites().stream()
                        .map(node.inputs()::get)
                        .filter(operand -> operand.op() instanceof Leaf)
                        .forEach(watched::add);
            }
        }
        return watched;
    }

    private double[] read(Tensor value) {
        Buffer buffer = plan.buffer(value);
        return Transfer.read(plan.device(), buffer);
    }

    private void compare(Tensor value, double[] replayed, Tensor image) {
        double[] truth = image.values();
        double scale = 0;
        for (double number : truth) {
            scale = Double.isFinite(number) ? Math.max(scale, Math.abs(number)) : scale;
        }
        for (int i = 0; i < truth.length; i++) {
            boolean same = Double.compare(truth[i], replayed[i]) == 0
                    || truth[i] == replayed[i]
                    || Math.abs(truth[i] - replayed[i]) <= tolerance * scale;
            if (!same) {
                throw new ShadowException(value, i, replayed[i], truth[i]);
            }
        }
    }
}
