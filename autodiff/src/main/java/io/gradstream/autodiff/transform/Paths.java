package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.tape.Tensor;
import java.util.BitSet;
import java.util.List;

/** The nodes that some values lead to, up to an output: every other node is none of a derivative's business. */
final class Paths {

    private final List<Tensor> tape;
    private final Tensor output;
    private final boolean through;
    private final int first;
    private final BitSet values = new BitSet();
    private final BitSet nodes = new BitSet();

    private Paths(Tensor output, List<Tensor> wrt, boolean through) {
        this.tape = output.tape().nodes();
        this.output = output;
        this.through = through;
        if (tape.isEmpty()) {
            throw new IllegalStateException(
                    "a tape for inference remembers nothing to differentiate: output=" + output.describe());
        }
        wrt.forEach(value -> values.set(value.id()));
        nodes.or(values);
        first = Math.min(output.id(), wrt.stream().mapToInt(Tensor::id).min().orElse(output.id()));
        for (int id = first; id <= output.id(); id++) {
            if (leadTo(tape.get(id))) {
                nodes.set(id);
            }
        }
    }

    /**
     * The paths from some values to an output.
     *
     * @param through whether a path may lead through one of the values to another; otherwise they are independent variables
     */
    static Paths to(Tensor output, List<Tensor> wrt, boolean through) {
        return new Paths(output, wrt, through);
    }

    /** The smallest number of a node on a path. */
    int first() {
        return first;
    }

    boolean contain(int node) {
        return nodes.get(node);
    }

    /** Whether a path leads over a node's operands to the node. */
    boolean leadTo(Tensor node) {
        if (!node.isTracked() || (!through && values.get(node.id()))) {
            return false;
        }
        for (Tensor input : node.inputs()) {
            if (nodes.get(input.id())) {
                return true;
            }
        }
        return false;
    }

    /** The numbers of the nodes on paths that go all the way to the output. */
    BitSet arriving() {
        BitSet arriving = new BitSet();
        arriving.set(output.id());
        for (int id = output.id(); id >= first; id--) {
            Tensor node = tape.get(id);
            if (arriving.get(id) && leadTo(node)) {
                node.inputs().forEach(input -> arriving.set(input.id()));
            }
        }
        arriving.and(nodes);
        return arriving;
    }
}
