package io.gradstream.autodiff.op;

/** An optimizer's rule for one element in double. It remembers the scalars of the step at hand. */
public interface ElementRule {

    /** Begins a step: what is the same for all elements is computed once. */
    void begin(double learningRate, double step);

    /** The new value of a parameter under its gradient g; its moments are replaced by new ones. */
    double update(double parameter, double gradient, double[] moments);
}
