package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.op.Draws;
import io.gradstream.autodiff.op.Dropout;
import io.gradstream.autodiff.op.RandomNormal;
import io.gradstream.autodiff.op.RandomUniform;

/** Random numbers, which a counter (one F64) decides: the same count draws the same. */
public sealed interface Randomness extends Expression permits Tensor {

    /** Elements dropped with the probability of the rate, the others scaled by 1/(1 - rate). */
    default Tensor dropout(double rate, Draws draws, Tensor counter) {
        return apply(new Dropout(draws, rate), counter);
    }

    /** Numbers in [0, 1) at the count that this is. */
    default Tensor randomUniform(Draws draws, int... dims) {
        return apply(new RandomUniform(draws, Shape.of(dims)));
    }

    /** Numbers of the standard normal distribution at the count that this is. */
    default Tensor randomNormal(Draws draws, int... dims) {
        return apply(new RandomNormal(draws, Shape.of(dims)));
    }
}
