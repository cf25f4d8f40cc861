package io.gradstream.autodiff.diagnose;

import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.op.Constant;
import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.op.Leaf;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A run of a plan's tape, node by node, that looks at the numbers of each. */
final class Inspection {

    private final Plan plan;
    private final List<Tensor> nodes;
    private final List<Range> ranges = new ArrayList<>();

    Inspection(Plan plan) {
        this.plan = plan;
        this.nodes = plan.tape().nodes();
    }

    Optional<Anomaly> origin() {
        try (Tape eager = Tape.inference(plan.device())) {
            run(eager);
        }
        BitSet guilty = guilty();
        return guilty.stream()
                .filter(id -> operands(nodes.get(id)).noneMatch(guilty::get))
                .mapToObj(this::anomaly)
                .findFirst();
    }

    private void run(Tape eager) {
        List<Tensor> images = new ArrayList<>();
        for (Tensor node : nodes) {
            Tensor image = eager.onBehalfOf(node, () -> image(eager, node, images));
            images.add(image);
            ranges.add(Range.of(node, image.values()));
        }
    }

    private Tensor image(Tape eager, Tensor node, List<Tensor> images) {
        if (node.op() instanceof Leaf && !(node.op() instanceof Constant)) {
            return eager.input(
                    "leaf " + node.id(), new Literal(node.type(), Transfer.read(plan.device(), plan.buffer(node))));
        }
        Value[] inputs =
                node.inputs().stream().map(input -> images.get(input.id())).toArray(Value[]::new);
        return eager.emit(node.op(), inputs);
    }

    /** The nodes that are not finite and that a result which is not finite was computed from. */
    private BitSet guilty() {
        BitSet suspects = suspects();
        BitSet guilty = results();
        guilty.and(suspects);
        for (int id = nodes.size() - 1; id >= 0; id--) {
            if (guilty.get(id)) {
                operands(nodes.get(id)).filter(suspects::get).forEach(guilty::set);
            }
        }
        return guilty;
    }

    /** All that is not finite, but for constants and for infinities that come of infinite constants: those mean what they are. */
    private BitSet suspects() {
        BitSet suspects = new BitSet();
        BitSet intended = new BitSet();
        for (Tensor node : nodes) {
            Range range = ranges.get(node.id());
            boolean constant = node.op() instanceof Constant;
            if (constant || (range.nans() == 0 && operands(node).anyMatch(intended::get))) {
                intended.set(node.id(), !range.isFinite());
            } else if (!range.isFinite()) {
                suspects.set(node.id());
            }
        }
        return suspects;
    }

    /** What the plan is run for: its outputs, what goes into memory that is kept, and what that makes of finite contents. */
    private BitSet results() {
        BitSet results = new BitSet();
        plan.outputs().forEach(output -> results.set(output.id()));
        for (Tensor node : nodes) {
            if (node.op() instanceof InPlace inPlace) {
                List<Tensor> overwritten =
                        inPlace.overwrites().stream().map(node.inputs()::get).toList();
                node.inputs().stream()
                        .filter(input -> !overwritten.contains(input))
                        .forEach(input -> results.set(input.id()));
                if (overwritten.stream()
                        .allMatch(input -> ranges.get(input.id()).isFinite())) {
                    results.set(node.id());
                }
            }
        }
        return results;
    }

    private static IntStream operands(Tensor node) {
        return node.inputs().stream().mapToInt(Tensor::id);
    }

    private Anomaly anomaly(int id) {
        Tensor node = nodes.get(id);
        return new Anomaly(
                node,
                ranges.get(id),
                node.inputs().stream().map(input -> ranges.get(input.id())).toList());
    }
}
