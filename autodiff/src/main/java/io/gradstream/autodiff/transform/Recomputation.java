package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.op.InPlace;
import io.gradstream.autodiff.op.Leaf;
import io.gradstream.autodiff.op.Value;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Copies of values that are not kept, recorded at the moment derivative rules first ask for them. */
final class Recomputation {

    private final Tape tape;
    private final Checkpoint checkpoint;
    private final Map<Tensor, Tensor> copies = new HashMap<>();

    Recomputation(Tape tape, Checkpoint checkpoint) {
        this.tape = tape;
        this.checkpoint = checkpoint;
    }

    /** What stands for a value in backward: itself where it is kept, otherwise a copy computed from what is. */
    Tensor of(Tensor value) {
        if (isKept(value)) {
            return value;
        }
        if (!copies.containsKey(value)) {
            missing(value).values().forEach(this::copy);
        }
        return image(value);
    }

    /** The value and what it is computed from, down to what is kept or copied, in the order of recording. */
    private NavigableMap<Integer, Tensor> missing(Tensor value) {
        NavigableMap<Integer, Tensor> missing = new TreeMap<>();
        Deque<Tensor> open = new ArrayDeque<>();
        open.push(value);
        while (!open.isEmpty()) {
            Tensor node = open.pop();
            if (!isKept(node) && !copies.containsKey(node) && missing.put(node.id(), node) == null) {
                node.inputs().forEach(open::push);
            }
        }
        return missing;
    }

    private void copy(Tensor node) {
        Value[] inputs = node.inputs().stream().map(this::image).toArray(Value[]::new);
        copies.put(node, tape.onBehalfOf(node, () -> tape.again(() -> again(node, inputs))));
    }

    private Tensor again(Tensor node, Value[] inputs) {
        return node.isTracked() ? tape.emit(node.op(), inputs) : tape.untracked(() -> tape.emit(node.op(), inputs));
    }

    private Tensor image(Tensor value) {
        return copies.getOrDefault(value, value);
    }

    private boolean isKept(Tensor value) {
        return value.op() instanceof Leaf || value.op() instanceof InPlace || checkpoint.keeps(value);
    }
}
