package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.Abs;
import io.gradstream.autodiff.op.Clamp;
import io.gradstream.autodiff.op.Floor;
import io.gradstream.autodiff.op.Log;
import io.gradstream.autodiff.op.Log1p;
import io.gradstream.autodiff.op.Maximum;
import io.gradstream.autodiff.op.Minimum;
import io.gradstream.autodiff.op.Round;
import io.gradstream.autodiff.op.Sqrt;

/** Numbers from numbers, element by element; operands broadcast. */
public sealed interface Arithmetic extends Expression permits Tensor {

    default Tensor add(Tensor other) {
        return (Tensor) tape().add(this, other);
    }

    default Tensor add(double other) {
        return (Tensor) tape().add(this, other);
    }

    default Tensor subtract(Tensor other) {
        return (Tensor) tape().subtract(this, other);
    }

    default Tensor subtract(double other) {
        return add(-other);
    }

    default Tensor multiply(Tensor other) {
        return (Tensor) tape().multiply(this, other);
    }

    default Tensor multiply(double other) {
        return (Tensor) tape().multiply(this, other);
    }

    default Tensor divide(Tensor other) {
        return (Tensor) tape().divide(this, other);
    }

    default Tensor divide(double other) {
        return divide(tape().constant(other, dtype()));
    }

    default Tensor negate() {
        return (Tensor) tape().negate(this);
    }

    default Tensor exp() {
        return (Tensor) tape().exp(this);
    }

    default Tensor log() {
        return apply(new Log());
    }

    default Tensor log1p() {
        return apply(new Log1p());
    }

    default Tensor sqrt() {
        return apply(new Sqrt());
    }

    default Tensor square() {
        return (Tensor) tape().square(this);
    }

    default Tensor power(double exponent) {
        return (Tensor) tape().power(this, exponent);
    }

    default Tensor abs() {
        return apply(new Abs());
    }

    default Tensor sign() {
        return (Tensor) tape().sign(this);
    }

    default Tensor erf() {
        return (Tensor) tape().erf(this);
    }

    /** The nearest integer, ties to even; no gradient flows through it. */
    default Tensor round() {
        return apply(new Round());
    }

    /** The largest integer not above; no gradient flows through it. */
    default Tensor floor() {
        return apply(new Floor());
    }

    default Tensor maximum(Tensor other) {
        return apply(new Maximum(), other);
    }

    default Tensor minimum(Tensor other) {
        return apply(new Minimum(), other);
    }

    default Tensor clamp(double low, double high) {
        return apply(new Clamp(low, high));
    }
}
