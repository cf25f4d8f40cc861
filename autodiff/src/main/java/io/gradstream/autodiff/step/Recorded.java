package io.gradstream.autodiff.step;

import io.gradstream.autodiff.nn.ModelInputs;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/**
 * A micro-batch as it will be replayed.
 *
 * @param predictions F32 [rows, outputs]
 * @param losses F32 [rows], without weights
 * @param lookups the rows of tables that it changes at once, as it finds them
 */
record Recorded(Tape tape, Tensor predictions, Tensor losses, List<Tensor> lookups) {
    Recorded {
        lookups = List.copyOf(lookups);
    }

    /** One that changes no tables. */
    Recorded(Tape tape, Tensor predictions, Tensor losses) {
        this(tape, predictions, losses, List.of());
    }

    /** The leaf with the labels of the rows. */
    static final String LABEL = ModelInputs.BATCH + "label";
    /** The leaf with the control block. */
    static final String CONTROL = ModelInputs.BATCH + "control";
}
