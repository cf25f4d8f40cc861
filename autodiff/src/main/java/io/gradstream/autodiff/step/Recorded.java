package io.gradstream.autodiff.step;

import io.gradstream.autodiff.nn.ModelInputs;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;

/**
 * A micro-batch as it will be replayed.
 *
 * @param predictions F32 [rows, outputs]
 * @param losses F32 [rows], without weights
 */
record Recorded(Tape tape, Tensor predictions, Tensor losses) {
    /** The leaf with the labels of the rows. */
    static final String LABEL = ModelInputs.BATCH + "label";
    /** The leaf with the control block. */
    static final String CONTROL = ModelInputs.BATCH + "control";
}
