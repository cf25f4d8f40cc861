package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values a model's forward pass is recorded over.
 *
 * @param dense F32 [rows, numeric columns], or null when there is none
 * @param ids I32 [rows] per categorical column
 * @param bags per bag column
 */
public record ModelInputs(@Nullable Tensor dense, List<Tensor> ids, List<Bag> bags) {
    public ModelInputs {
        ids = List.copyOf(ids);
        bags = List.copyOf(bags);
    }

    /** One bag column: I32 ids of all rows, and I32 [rows + 1] offsets of each row's first id. */
    public record Bag(Tensor ids, Tensor offsets) {}
}
