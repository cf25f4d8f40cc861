package io.gradstream.autodiff.op;

import io.gradstream.autodiff.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * An optimizer's step that leaves zeros where the gradients were, also where there was nothing to update. A plan puts it in place of an
 * update and the filling that follows, so that gradients are read and cleared in one pass over memory.
 */
public record UpdateAndClear(ElementwiseUpdate update) implements InPlace {

    @Override
    public List<Integer> overwrites() {
        List<Integer> indices = new ArrayList<>(update.overwrites());
        indices.add(1);
        return indices;
    }

    @Override
    public TensorType type(List<TensorType> inputs) {
        return update.type(inputs);
    }

    public static List<Sample> samples() {
        return AdamUpdate.samples().stream()
                .map(sample -> new Sample(new UpdateAndClear((AdamUpdate) sample.op()), sample.inputs(), false))
                .toList();
    }
}
