package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.op.Application;
import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Forward-mode differentiation: walks a tape forward and records, on the same tape, the operations that carry tangents from
 * some values to an output. What it records can be differentiated again.
 */
public final class Jvp {

    private Jvp() {}

    /**
     * The product of the output's Jacobians with one tangent per value, summed; zeros where nothing flows. The values are
     * independent variables, whatever they were computed from.
     */
    public static Tensor of(Tape tape, Tensor output, List<Tensor> wrt, List<Tensor> tangents) {
        if (wrt.size() != tangents.size()) {
            throw new IllegalArgumentException(
                    "every value needs a tangent: values=" + wrt.size() + " tangents=" + tangents.size());
        }
        Map<Integer, Value> carried = new HashMap<>();
        for (int i = 0; i < wrt.size(); i++) {
            Tensor value = wrt.get(i);
            if (!tangents.get(i).type().equals(value.type().with(value.dtype().gradient()))) {
                throw new IllegalArgumentException("a tangent must have its value's shape and gradient type: value="
                        + value.describe() + " tangent=" + tangents.get(i).describe());
            }
            carried.put(value.id(), tangents.get(i));
        }
        BitSet arriving = Paths.to(output, wrt, false).arriving();
        for (int id = arriving.nextSetBit(0); id >= 0; id = arriving.nextSetBit(id + 1)) {
            Tensor node = tape.nodes().get(id);
            if (!carried.containsKey(id)) {
                Value tangent = push(tape, node, carried);
                if (tangent != null) {
                    carried.put(id, tangent);
                }
            }
        }
        Value tangent = carried.get(output.id());
        return (Tensor) (tangent == null ? tape.zeros(output) : tangent);
    }

    private static @Nullable Value push(Tape tape, Tensor node, Map<Integer, Value> carried) {
        List<@Nullable Value> tangents = new ArrayList<>();
        boolean none = true;
        for (Tensor input : node.inputs()) {
            Value tangent = carried.get(input.id());
            tangents.add(tangent);
            none &= tangent == null;
        }
        if (none) {
            return null;
        }
        if (!(node.op() instanceof Differentiable rule)) {
            throw new NoRuleException(node);
        }
        Application at = new Application(List.copyOf(node.inputs()), node);
        return tape.onBehalfOf(node, () -> rule.jvp(tape, at, tangents));
    }
}
