package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.Application;
import io.gradstream.autodiff.op.CustomRule;
import io.gradstream.autodiff.op.Differentiable;
import io.gradstream.autodiff.op.Emitter;
import io.gradstream.autodiff.op.Op;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where gradients of an output would flow, known without recording any: asked of each rule, with values that have only a type. */
public final class Flow {

    /** A value of which nothing is known but its type. */
    private record Typed(TensorType type) implements Value {}

    private static final Emitter NOWHERE = (op, inputs) -> new Typed(typeOf(op, inputs));

    private final List<Tensor> nodes;
    private final BitSet used = new BitSet();
    private final BitSet reached = new BitSet();
    private final Map<Tensor, BitSet> cuts = new HashMap<>();

    private Flow(Tensor output) {
        nodes = output.tape().nodes();
        used.set(output.id());
        reached.set(output.id());
        for (int id = output.id(); id >= 0; id--) {
            if (used.get(id)) {
                visit(nodes.get(id));
            }
        }
    }

    /** The flow of gradients from an output. */
    public static Flow from(Tensor output) {
        return new Flow(output);
    }

    /** Whether the output is computed from a value in any way. */
    public boolean uses(Tensor value) {
        return used.get(value.id());
    }

    /** Whether a gradient of the output reaches a value. */
    public boolean reaches(Tensor value) {
        return reached.get(value.id());
    }

    /** The operations at which gradients on their way to a value end, in the order of recording. */
    public List<Tensor> cuts(Tensor value) {
        BitSet above = new BitSet();
        above.set(value.id());
        List<Tensor> found = new ArrayList<>();
        for (int id = value.id() + 1; id < nodes.size(); id++) {
            Tensor node = nodes.get(id);
            if (node.inputs().stream().anyMatch(input -> above.get(input.id()))) {
                above.set(id);
            }
            if (cuts.getOrDefault(node, new BitSet()).intersects(above)) {
                found.add(node);
            }
        }
        return found;
    }

    private void visit(Tensor node) {
        List<Boolean> flows = flows(node);
        for (int i = 0; i < node.inputs().size(); i++) {
            Tensor input = node.inputs().get(i);
            used.set(input.id());
            if (reached.get(node.id()) && flows.get(i)) {
                reached.set(input.id());
            } else if (reached.get(node.id())) {
                cuts.computeIfAbsent(node, key -> new BitSet()).set(input.id());
            }
        }
    }

    private static List<Boolean> flows(Tensor node) {
        Boolean[] flows = new Boolean[node.inputs().size()];
        Arrays.fill(flows, false);
        if (node.isTracked() && node.dtype().isFloating()) {
            if (node.op() instanceof CustomRule) {
                Arrays.fill(flows, 0, flows.length - 1, true);
            } else if (node.op() instanceof Differentiable rule) {
                List<Value> operands = List.copyOf(node.inputs());
                Value cotangent = new Typed(node.type().with(node.dtype().gradient()));
                List<?> contributions = rule.vjp(NOWHERE, new Application(operands, node), cotangent);
                Arrays.setAll(flows, i -> contributions.get(i) != null);
            }
        }
        return List.of(flows);
    }

    private static TensorType typeOf(Op op, Value... inputs) {
        return op.type(Arrays.stream(inputs).map(Value::type).toList());
    }
}
