package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The dot product of every pair of fields (Naumov et al., "Deep Learning Recommendation Model for Personalization and Recommendation
 * Systems", 2019), in the order (1, 0), (2, 0), (2, 1), (3, 0), … It has no parameters.
 */
public record DotInteraction() {
    /** The products [rows, fields·(fields − 1)/2] of fields [rows, fields, dimension]. */
    public Tensor forward(Tensor fields) {
        List<Tensor> below = new ArrayList<>();
        for (int field = 1; field < fields.shape().dim(1); field++) {
            Tensor products = fields.slice(1, field, field + 1).multiply(fields.slice(1, 0, field));
            below.add(products.sum(2));
        }
        return below.size() == 1 ? below.getFirst() : Tensor.concat(1, below);
    }
}
