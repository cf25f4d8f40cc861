package io.gradstream.autodiff.nn;

/** What a forward pass is recorded for. */
public enum Mode {
    /** To learn from: units drop out, and statistics are those of the batch. */
    TRAINING,
    /** To predict: nothing is random, and statistics are the running ones. */
    EVALUATION
}
