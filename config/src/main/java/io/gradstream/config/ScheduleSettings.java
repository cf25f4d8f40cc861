package io.gradstream.config;

import io.gradstream.config.yaml.Checked;
import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Findings;
import io.gradstream.config.yaml.Later;
import io.gradstream.config.yaml.Named;
import io.gradstream.config.yaml.Range;
import io.gradstream.config.yaml.Tagged;

/** How the learning rate changes with the steps: a factor that rises from 0 to 1 over the warm-up, and what follows it. */
@Tagged("type")
@Later({"one-cycle"})
public sealed interface ScheduleSettings {
    /** Steps in which the factor rises to 1 in a line. */
    long warmup();

    /** 1 for ever. */
    @Named("constant")
    @Doc("The learning rate stays.")
    record Constant(
            @Doc("Steps in which the rate rises in a line from 0 to the learning rate.") @Default("0") @Range(min = 0)
            long warmup)
            implements ScheduleSettings {}

    /** From 1 to {@code end} in a line, then {@code end}. */
    @Named("linear")
    @Doc("The learning rate falls in a line.")
    record Linear(
            @Doc("Steps in which the rate rises in a line from 0 to the learning rate.") @Default("0") @Range(min = 0)
            long warmup,

            @Doc("The step at which the fall ends, counted from the start of training.") @Range(min = 1)
            long steps,

            @Doc("The share of the learning rate that is left at the end.") @Default("0") @Range(min = 0, max = 1)
            double end)
            implements ScheduleSettings, Checked {
        @Override
        public void check(Findings findings) {
            if (warmup >= steps) {
                findings.wrong("warmup", "must be below steps, which is " + steps, warmup);
            }
        }
    }

    /** From 1 to {@code end} in half a cosine wave, then {@code end}. */
    @Named("cosine")
    @Doc("The learning rate falls in half a cosine wave.")
    record Cosine(
            @Doc("Steps in which the rate rises in a line from 0 to the learning rate.") @Default("0") @Range(min = 0)
            long warmup,

            @Doc("The step at which the fall ends, counted from the start of training.") @Range(min = 1)
            long steps,

            @Doc("The share of the learning rate that is left at the end.") @Default("0") @Range(min = 0, max = 1)
            double end)
            implements ScheduleSettings, Checked {
        @Override
        public void check(Findings findings) {
            if (warmup >= steps) {
                findings.wrong("warmup", "must be below steps, which is " + steps, warmup);
            }
        }
    }

    /** √(warmup / step). */
    @Named("inverse-sqrt")
    @Doc("The learning rate falls with the square root of the steps.")
    record InverseSquareRoot(
            @Doc(
                    "Steps in which the rate rises in a line from 0 to the learning rate; four times as many steps halve it.")
            @Default("1000")
            @Range(min = 1)
            long warmup)
            implements ScheduleSettings {}
}
