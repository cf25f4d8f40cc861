package io.gradstream.pipeline.guard;

import io.gradstream.config.RollbackSettings;
import java.util.Optional;

/**
 * What is remembered of rollbacks, so that they do not follow each other for ever: as long as the last one is not over, the next goes back
 * behind where it went, and there are only so many.
 */
final class Rollbacks {
    private final long patience;
    private final long limit;
    private double last = Double.NEGATIVE_INFINITY;
    private double target;
    private double inARow;
    /** Steps behind the first and up to the second were undone and not learned from again. */
    private double undoneAfter;

    private double undoneTo;

    Rollbacks(RollbackSettings settings) {
        patience = settings.patience();
        limit = settings.limit();
    }

    /** Whether there may be another one after a step. */
    boolean mayFollow(long step) {
        return !isRecent(step) || inARow < limit;
    }

    /** Whether another one after a step may go back to the state after an earlier one. */
    boolean mayReach(long step, long earlier) {
        return !isRecent(step) || earlier < target;
    }

    void happened(long step, long to) {
        inARow = isRecent(step) ? inARow + 1 : 1;
        last = step;
        target = to;
        undoneAfter = to;
        undoneTo = step;
    }

    Optional<Stretch> undone() {
        return undoneAfter < undoneTo
                ? Optional.of(new Stretch((long) undoneAfter, (long) undoneTo))
                : Optional.empty();
    }

    void learnedAgain(long step) {
        undoneAfter = step;
    }

    /** There are to be no more for a while. */
    void giveUp(long step) {
        inARow = limit;
        last = step;
        target = 0;
    }

    private boolean isRecent(long step) {
        return step - last <= patience;
    }

    double[] state() {
        return new double[] {last, target, inARow, undoneAfter, undoneTo};
    }

    void restore(double... state) {
        last = state[0];
        target = state[1];
        inARow = state[2];
        if (state.length > 3) { // not in what was written when undone rows were skipped
            undoneAfter = state[3];
            undoneTo = state[4];
        }
    }
}
