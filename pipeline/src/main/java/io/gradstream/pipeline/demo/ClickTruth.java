package io.gradstream.pipeline.demo;

import java.util.SplittableRandom;

/**
 * The true click probability of everything: the logistic function of what age, price, hour, site and device add up to, and of how
 * age and device go together.
 *
 * <p>Because it is known, so is the loss that nobody can beat: that of a model that predicts exactly these probabilities.
 */
final class ClickTruth {
    static final int SITES = 60;
    static final int DEVICES = 4;

    private final double intercept;
    private final double ageEffect;
    private final double priceEffect;
    private final double hourEffect;
    private final double[] siteEffects = new double[SITES];
    private final double[] deviceEffects = new double[DEVICES];
    private final double[] ageOnDevice = new double[DEVICES];

    ClickTruth(SplittableRandom random) {
        intercept = random.nextDouble(-0.8, -0.2);
        ageEffect = away(random, 0.5, 0.9);
        priceEffect = away(random, 0.6, 1.0);
        hourEffect = away(random, 0.3, 0.7);
        for (int i = 0; i < SITES; i++) {
            siteEffects[i] = random.nextDouble(-1.6, 1.6);
        }
        for (int i = 0; i < DEVICES; i++) {
            deviceEffects[i] = random.nextDouble(-0.8, 0.8);
            ageOnDevice[i] = random.nextDouble(-0.6, 0.6);
        }
    }

    double probability(Click click) {
        double age = (click.age() - 45) / 15;
        double logit = intercept
                + (ageEffect + ageOnDevice[click.device()]) * age
                + priceEffect * (Math.log1p(click.price()) - 3)
                + hourEffect * (click.hour() - 12) / 7
                + siteEffects[click.site()]
                + deviceEffects[click.device()];
        return 1 / (1 + Math.exp(-logit));
    }

    /** A number that is not near zero, of either sign. */
    private static double away(SplittableRandom random, double least, double most) {
        double size = random.nextDouble(least, most);
        return random.nextBoolean() ? size : -size;
    }
}
