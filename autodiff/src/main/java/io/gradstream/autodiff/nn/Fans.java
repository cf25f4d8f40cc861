package io.gradstream.autodiff.nn;

/** A choice of first values that depends on how many units a layer connects. */
@FunctionalInterface
public interface Fans {
    Initializer initializer(int inputs, int outputs);
}
