package io.gradstream.autodiff.step;

/** When rows change the weights. */
public enum Updates {
    /** At the end of a step, by the mean gradient of its rows. */
    STEP,
    /** One after the other: every row is predicted with what the rows before it have taught. For linear models and plain SGD. */
    ROW
}
