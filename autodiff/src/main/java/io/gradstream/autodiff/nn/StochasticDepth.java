package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.Arrays;

/**
 * A residual branch that is left out for some of the rows while training, and scaled by 1/(1 − rate) for the others (Huang et al., "Deep
 * Networks with Stochastic Depth", 2016).
 */
public record StochasticDepth(double rate) {
    public StochasticDepth {
        rate = new Dropout(rate).rate();
    }

    /**
     * The branch, or zeros for the rows that do without it.
     *
     * @param branch [rows, …], to be added to what it branched off from
     */
    public Tensor forward(Tensor branch, Parameters parameters) {
        int[] dims = new int[branch.shape().rank()];
        Arrays.fill(dims, 1);
        dims[0] = branch.shape().dim(0);
        Tensor ones = branch.tape().constant(1, branch.dtype()).broadcast(new Shape(dims));
        Tensor kept = new Dropout(rate).forward(ones, parameters);
        return kept == ones ? branch : branch.multiply(kept);
    }
}
