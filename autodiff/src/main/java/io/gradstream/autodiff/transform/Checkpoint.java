package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.tape.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What backward keeps of the forward pass; all else it computes again when it gets there, from what is kept. Memory is paid
 * for with at most one more forward pass, and not a bit of a gradient changes.
 *
 * <p>Leaves and what in-place operations write are always kept: they are there anyway, or cannot be computed twice.
 */
public final class Checkpoint {

    private static final Checkpoint EVERYTHING = new Checkpoint(value -> true);

    private final Predicate<Tensor> kept;

    private Checkpoint(Predicate<Tensor> kept) {
        this.kept = kept;
    }

    /** Keeps every value: nothing is computed twice. */
    public static Checkpoint everything() {
        return EVERYTHING;
    }

    /**
     * Keeps the output of every so many layers, and what follows the last one kept: backward would ask for it at once.
     *
     * @param layers the outputs of the layers in the order of recording
     */
    public static Checkpoint every(int count, List<Tensor> layers) {
        if (count < 1) {
            throw new IllegalArgumentException("a segment needs at least one layer: count=" + count);
        }
        Set<Tensor> boundaries = new HashSet<>();
        int last = -1;
        for (int i = count - 1; i < layers.size(); i += count) {
            boundaries.add(layers.get(i));
            last = layers.get(i).id();
        }
        int end = last;
        return new Checkpoint(value -> value.id() > end || boundaries.contains(value));
    }

    /** Keeps √L of the outputs of L layers, the fewest values alive at once for at most one more forward pass (arXiv 1604.06174). */
    public static Checkpoint squareRoot(List<Tensor> layers) {
        return every(Math.max(1, (int) Math.round(Math.sqrt(layers.size()))), layers);
    }

    /** Keeps all but what a choice names: cheap operations with large results, as a rule. */
    public static Checkpoint except(Predicate<Tensor> recomputed) {
        return new Checkpoint(recomputed.negate());
    }

    boolean keeps(Tensor value) {
        return kept.test(value);
    }
}
