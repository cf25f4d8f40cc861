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
        int rows = fields.shape().dim(0);
        int count = fields.shape().dim(1);
        Tensor products = fields.matmul(false, fields, true).reshape(rows, count * count);
        List<Tensor> below = new ArrayList<>();
        for (int field = 1; field < count; field++) {
            below.add(products.slice(1, field * count, field * count + field));
        }
        return below.size() == 1 ? below.getFirst() : Tensor.concat(1, below);
    }
}
