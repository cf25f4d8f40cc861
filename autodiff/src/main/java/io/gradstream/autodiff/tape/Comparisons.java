package io.gradstream.autodiff.tape;

/** Questions about elements, answered by 1 or 0, and the choice by such answers; no gradient flows through an answer. */
public sealed interface Comparisons extends Expression permits Tensor {

    /** 1 where this is greater, else 0. */
    default Tensor greater(Tensor other) {
        return (Tensor) tape().greater(this, other);
    }

    /** 1 where this is greater or equal, else 0. */
    default Tensor greaterOrEqual(Tensor other) {
        return (Tensor) tape().greaterOrEqual(this, other);
    }

    /** 1 where this is less, else 0. */
    default Tensor less(Tensor other) {
        return (Tensor) tape().greater(other, this);
    }

    /** 1 where this is less or equal, else 0. */
    default Tensor lessOrEqual(Tensor other) {
        return (Tensor) tape().greaterOrEqual(other, this);
    }

    /** 1 where both are equal, else 0. */
    default Tensor equal(Tensor other) {
        return (Tensor) tape().equal(this, other);
    }

    /** 1 where both differ or either is not a number, else 0. */
    default Tensor notEqual(Tensor other) {
        return (Tensor) tape().subtract(tape().constant(1, dtype()), tape().equal(this, other));
    }

    /** One value where this one is not zero, another elsewhere. */
    default Tensor choose(Tensor whereTrue, Tensor whereFalse) {
        return (Tensor) tape().where(this, whereTrue, whereFalse);
    }
}
