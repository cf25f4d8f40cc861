package io.gradstream.autodiff.op;

/**
 * Noise for the gradients of a step that goes away as training goes on (Neelakantan et al., "Adding gradient noise improves learning for very
 * deep networks", 2015): normal numbers of the variance σ²(t) = η / (1 + t)^γ, t being how many steps were taken before this one.
 *
 * @param variance η, the variance in the first step
 * @param decay γ
 */
public record GradientNoise(double variance, double decay) {
    /** The decay that the paper uses everywhere. */
    public static final double USUAL_DECAY = 0.55;

    public GradientNoise {
        if (!(variance > 0 && variance < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("variance must be positive and finite: variance=" + variance);
        }
        Ranges.notNegative("decay", decay);
    }

    /** σ(t). */
    public double deviation(double stepsBefore) {
        return Math.sqrt(variance / StrictMath.pow(1 + stepsBefore, decay));
    }

    /**
     * What normal numbers are multiplied by to be noise of gradients that the optimizer will multiply by GRADIENT_FACTOR; 0 in a step that
     * is skipped.
     */
    double scale(Elements control) {
        double factor = control.get(Control.GRADIENT_FACTOR.slot());
        return control.get(Control.FOUND_INF.slot()) != 0 || factor == 0
                ? 0
                : deviation(control.get(Control.STEP_COUNT.slot()) - 1) / factor;
    }

    /** Adds normal numbers to neighbours, from the first pair of words of a group on. */
    static void add(Elements to, long from, long count, double scale, Draws draws, long step, int group, int[] words) {
        int pairs = Draws.GROUP / 2;
        for (int i = 0; i < count; i++) {
            int within = i % pairs;
            if (within == 0) {
                draws.fill(step, group + i / pairs, words);
            }
            int place = within + within / Draws.BLOCKS * Draws.BLOCKS;
            float normal = Philox.normalOf(words[place], words[place + Draws.BLOCKS]);
            to.set(from + i, to.get(from + i) + scale * normal);
        }
    }
}
