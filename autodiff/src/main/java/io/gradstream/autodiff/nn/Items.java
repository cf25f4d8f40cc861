package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.op.Visibility;
import io.gradstream.autodiff.tape.Tensor;

/**
 * The items of a sequence column, oldest first, with padding behind the newest.
 *
 * @param vectors F32 [rows, length, dimension]
 * @param lengths I32 [rows]: how many items a row has
 */
public record Items(Tensor vectors, Tensor lengths) {
    /** F32 [rows, length]: 1 for an item, 0 for padding. */
    public Tensor mask() {
        int length = vectors.shape().dim(1);
        return lengths.apply(new Visibility(1, length, false)).reshape(rows(), length);
    }

    /** F32 [rows, 1]: 1 for a row with items, 0 for one without. */
    public Tensor any() {
        return mask().slice(1, 0, 1);
    }

    /** F32 [rows, dimension]: the mean of the items' vectors; zeros where there is none. */
    public Tensor mean() {
        Tensor counts = mask().sumKeeping(1).maximum(vectors.tape().constant(1, DType.F32));
        return sum(vectors, mask()).divide(counts);
    }

    /** F32 [rows, dimension]: what stands at the place of the newest item in x [rows, length, dimension]; zeros where there is none. */
    public Tensor newest(Tensor x) {
        Tensor mask = mask();
        int length = mask.shape().dim(1);
        return sum(
                x, length == 1 ? mask : mask.subtract(mask.slice(1, 1, length).pad(1, 0, 1)));
    }

    private Tensor sum(Tensor x, Tensor shares) {
        return x.multiply(shares.reshape(rows(), shares.shape().dim(1), 1)).sum(1);
    }

    private int rows() {
        return vectors.shape().dim(0);
    }
}
