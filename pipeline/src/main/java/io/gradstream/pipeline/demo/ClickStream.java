package io.gradstream.pipeline.demo;

import java.util.SplittableRandom;

/** An endless sequence of clicks that are drawn from one truth, until the truth changes. The same seed gives the same clicks. */
final class ClickStream {
    private final SplittableRandom rows;
    private final SplittableRandom truths;
    private final long rowsPerTruth;
    private ClickTruth truth;
    private long drawn;

    ClickStream(long seed, long rowsPerTruth) {
        SplittableRandom root = new SplittableRandom(seed);
        this.rows = root.split();
        this.truths = root.split();
        this.rowsPerTruth = rowsPerTruth;
        this.truth = new ClickTruth(truths.split());
    }

    /** Draws the next clicks; at a drift the new truth begins between two of them. */
    Clicks next(int count) {
        Click[] clicks = new Click[count];
        boolean[] clicked = new boolean[count];
        double[] bestLosses = new double[count];
        for (int i = 0; i < count; i++) {
            if (drawn > 0 && drawn % rowsPerTruth == 0) {
                truth = new ClickTruth(truths.split());
            }
            drawn++;
            Click click = new Click(
                    (float) rows.nextDouble(18, 72),
                    (float) Math.expm1(rows.nextDouble(1, 5)),
                    (float) rows.nextDouble(0, 24),
                    (int) (ClickTruth.SITES * Math.pow(rows.nextDouble(), 1.5)),
                    rows.nextInt(ClickTruth.DEVICES));
            double probability = truth.probability(click);
            clicks[i] = click;
            clicked[i] = rows.nextDouble() < probability;
            bestLosses[i] = -Math.log(clicked[i] ? probability : 1 - probability);
        }
        return new Clicks(clicks, clicked, bestLosses);
    }
}
