package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.op.Constant;
import io.gradstream.autodiff.tape.Storage;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of the forward pass that backward reads, and so has to stay in memory until then. */
public record Saved(Tensor value, long bytes) {

    /**
     * What recorded gradients read of the forward pass, in the order of recording. Values that share their memory count once, by
     * the one that owns it; leaves are named too, though they would be there anyway.
     *
     * @param output where the gradients start from: what was recorded up to here is the forward pass
     */
    public static List<Saved> of(Tensor output, Collection<Tensor> gradients) {
        Tape tape = output.tape();
        BitSet backward = new BitSet();
        gradients.forEach(gradient -> backward.set(gradient.id()));
        BitSet read = new BitSet();
        for (int id = backward.length() - 1; id > output.id(); id--) {
            if (backward.get(id)) {
                for (Tensor input : tape.nodes().get(id).inputs()) {
                    (input.id() > output.id() ? backward : read).set(input.id());
                }
            }
        }
        Map<Storage, Saved> saved = new LinkedHashMap<>();
        read.stream().mapToObj(tape.nodes()::get).forEach(value -> keep(value, saved));
        return List.copyOf(saved.values());
    }

    /** The bytes of all of them together. */
    public static long bytes(Collection<Saved> values) {
        return values.stream().mapToLong(Saved::bytes).sum();
    }

    private static void keep(Tensor value, Map<Storage, Saved> saved) {
        Tensor owner = value.tape().nodes().get(value.storage().id());
        if (!(owner.op() instanceof Constant)) {
            long bytes = owner.shape().size() * owner.dtype().bytes();
            saved.putIfAbsent(value.storage(), new Saved(owner, bytes));
        }
    }
}
