package io.gradstream.autodiff.step;

/**
 * How the learning rate changes: a factor for every step, which depends on nothing but the number of steps before it. Most begin with a
 * warm-up, in which the factor rises in a line: step i of w has (i + 1)/w, so that no step is taken in vain.
 */
public sealed interface Schedule {

    /** The factor of the step that comes after so many others. */
    double after(long steps);

    /** 1 for ever. */
    record Constant(long warmup) implements Schedule {
        public Constant {
            requireNotNegative("warmup", warmup);
        }

        @Override
        public double after(long steps) {
            return steps < warmup ? rise(steps, warmup) : 1;
        }
    }

    /** From 1 to {@code end} in a line, then {@code end}; {@code steps} counts from the first step. */
    record Linear(long warmup, long steps, double end) implements Schedule {
        public Linear {
            requireFall(warmup, steps, end);
        }

        @Override
        public double after(long before) {
            return before < warmup ? rise(before, warmup) : 1 + (end - 1) * progress(before, warmup, steps);
        }
    }

    /** From 1 to {@code end} in half a cosine wave (Loshchilov and Hutter 2016), then {@code end}. */
    record Cosine(long warmup, long steps, double end) implements Schedule {
        public Cosine {
            requireFall(warmup, steps, end);
        }

        @Override
        public double after(long before) {
            return before < warmup ? rise(before, warmup) : wave(1, end, progress(before, warmup, steps));
        }
    }

    /** √(warmup / step) after the warm-up (Vaswani et al. 2017): four times as many steps halve it. */
    record InverseSquareRoot(long warmup) implements Schedule {
        public InverseSquareRoot {
            if (warmup < 1) {
                throw new IllegalArgumentException("warmup must be positive: warmup=" + warmup);
            }
        }

        @Override
        public double after(long steps) {
            return steps < warmup ? rise(steps, warmup) : Math.sqrt((double) warmup / (steps + 1));
        }
    }

    /**
     * One cycle (Smith and Topin 2017) as {@code torch.optim.lr_scheduler.OneCycleLR} with cosine annealing: from {@code start} to 1 over
     * the share {@code rise} of the steps, then down to {@code end}, where it stays.
     */
    record OneCycle(long steps, double rise, double start, double end) implements Schedule {
        public OneCycle {
            if (!(rise > 0 && rise < 1) || !(rise * steps > 1) || !((1 - rise) * steps > 0)) {
                throw new IllegalArgumentException(
                        "both parts of a cycle must have steps: steps=" + steps + " rise=" + rise);
            }
            requireShare("start", start);
            requireShare("end", end);
        }

        /** PyTorch's constants: three tenths of the steps upwards from 1/25, then down to 1/250,000. */
        public static OneCycle usual(long steps) {
            return new OneCycle(steps, 0.3, 0.04, 4e-6);
        }

        @Override
        public double after(long before) {
            double peak = rise * steps - 1;
            return before <= peak
                    ? wave(start, 1, before / peak)
                    : wave(1, end, Math.min(1, (before - peak) / (steps - 1 - peak)));
        }
    }

    private static double rise(long before, long warmup) {
        return (double) (before + 1) / warmup;
    }

    private static double progress(long before, long warmup, long end) {
        return before >= end ? 1 : (double) (before - warmup) / (end - warmup);
    }

    /** Half a cosine wave between two values. */
    private static double wave(double from, double to, double progress) {
        return to + (from - to) * (1 + Math.cos(Math.PI * progress)) / 2;
    }

    private static void requireFall(long warmup, long steps, double end) {
        requireNotNegative("warmup", warmup);
        if (warmup >= steps) {
            throw new IllegalArgumentException("warmup must be below steps: warmup=" + warmup + " steps=" + steps);
        }
        requireShare("end", end);
    }

    private static void requireNotNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + name + "=" + value);
        }
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be in [0, 1]: " + name + "=" + value);
        }
    }
}
