package io.gradstream.pipeline.guard;

import io.gradstream.autodiff.step.StepReport;
import java.util.Optional;

/**
 * How a model has been doing of late: its recent progressive loss against the best it ever was, spikes of the gradient's norm, and steps
 * from which nothing could be learned. A function of the rows, like the model itself.
 *
 * <p>The recent loss weighs rows less the older they are, with a mean age of a given number of rows. The best is that of the least recent
 * loss, and rises a hundred times slower towards a worse one: a stream that has become harder for good is not held against a model for ever.
 */
final class Health {
    private static final int SLOWER = 100;
    private static final double KEEP = 0.97;
    /** A spike counts for so many steps. */
    private static final int SPIKY = 25;

    private final double recentRows;
    private double rows;
    private double weight;
    private double sum;
    private double best = Double.NaN;
    private double skippedShare;
    private double inARow;
    private double spike;
    private double sinceSpike = SPIKY;

    Health(long recentRows) {
        this.recentRows = recentRows;
    }

    /** Takes the mean loss of some rows into account. */
    void loss(double mean, int of) {
        double keep = recentRows / (recentRows + of);
        weight = keep * weight + of;
        sum = keep * sum + of * mean;
        rows += of;
        if (rows < recentRows) {
            return;
        }
        double recent = recent();
        if (!(recent > best)) {
            best = recent;
        } else {
            best += Math.min(recent - best, Math.abs(best)) * of / (SLOWER * recentRows + of);
        }
    }

    /**
     * Takes a step into account.
     *
     * @param report none if nothing could be learned from it
     * @param limit what a spike exceeds
     */
    void step(Optional<StepReport> report, double limit) {
        boolean taken = report.isPresent() && !report.get().overflow();
        skippedShare = KEEP * skippedShare + (taken ? 0 : 1 - KEEP);
        inARow = taken ? 0 : inARow + 1;
        sinceSpike++;
        if (taken) {
            spike = report.get().spike();
            if (spike > limit) {
                sinceSpike = 0;
            }
        }
    }

    /** The recent loss; NaN before any. */
    double recent() {
        return sum / weight;
    }

    /** The best recent loss; NaN until the recent past is full. */
    double best() {
        return best;
    }

    boolean isWorse(double times) {
        return recent() > best + (times - 1) * Math.abs(best);
    }

    boolean isSpiky() {
        return sinceSpike < SPIKY;
    }

    /** Steps in a row from which nothing was learned. */
    long skippedInARow() {
        return (long) inARow;
    }

    double skippedShare() {
        return skippedShare;
    }

    /** How far the last norm lay above its running mean, in deviations. */
    double spike() {
        return spike;
    }

    /** The stream is another one: what the loss was on the one before counts no longer. */
    void restart() {
        rows = 0;
        weight = 0;
        sum = 0;
        best = Double.NaN;
    }

    /** The model is what it once was; the loss since then is not its own. */
    void rolledBack() {
        weight = 0;
        sum = 0;
        skippedShare = 0;
        inARow = 0;
        spike = 0;
        sinceSpike = SPIKY;
    }

    double[] state() {
        return new double[] {rows, weight, sum, best, skippedShare, inARow, spike, sinceSpike};
    }

    void restore(double... state) {
        rows = state[0];
        weight = state[1];
        sum = state[2];
        best = state[3];
        skippedShare = state[4];
        inARow = state[5];
        spike = state[6];
        sinceSpike = state[7];
    }
}
