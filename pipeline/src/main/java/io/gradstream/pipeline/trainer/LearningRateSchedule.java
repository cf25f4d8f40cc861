package io.gradstream.pipeline.trainer;

import io.gradstream.config.ScheduleSettings;
import io.gradstream.config.ScheduleSettings.Constant;
import io.gradstream.config.ScheduleSettings.Cosine;
import io.gradstream.config.ScheduleSettings.InverseSquareRoot;
import io.gradstream.config.ScheduleSettings.Linear;

/** The learning rate of every step: the base rate times a factor that depends on nothing but the number of steps before. */
public record LearningRateSchedule(double base, ScheduleSettings settings) {

    /** The rate of the step that comes after so many others. */
    public double after(long steps) {
        if (steps < settings.warmup()) {
            return base * (steps + 1) / settings.warmup();
        }
        return base
                * switch (settings) {
                    case Constant _ -> 1;
                    case Linear linear -> {
                        double left = 1 - progress(steps, linear.warmup(), linear.steps());
                        yield linear.end() + (1 - linear.end()) * left;
                    }
                    case Cosine cosine -> {
                        double left = (1 + Math.cos(Math.PI * progress(steps, cosine.warmup(), cosine.steps()))) / 2;
                        yield cosine.end() + (1 - cosine.end()) * left;
                    }
                    case InverseSquareRoot root -> Math.sqrt((double) root.warmup() / (steps + 1));
                };
    }

    private static double progress(long steps, long warmup, long end) {
        return steps >= end ? 1 : (double) (steps - warmup) / (end - warmup);
    }
}
