package io.gradstream.pipeline.guard;

import java.util.BitSet;

/** Why a step was not finite. */
sealed interface Verdict {
    /** The loss scale is too high: it falls, and rows like these can be learned from again. */
    record Overflow() implements Verdict {}

    /** Weights were not finite before the step came. */
    record Model(String parameter) implements Verdict {}

    /** These rows are not finite by themselves; the others are without them. */
    record Rows(BitSet poisoned) implements Verdict {}

    /** No rows could be found that are to blame. */
    record Nobody(int tries) implements Verdict {}
}
