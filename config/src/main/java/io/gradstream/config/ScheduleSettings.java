package io.gradstream.config;

import io.gradstream.config.yaml.Checked;
import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Findings;
import io.gradstream.config.yaml.Named;
import io.gradstream.config.yaml.Range;
import io.gradstream.config.yaml.Tagged;

/** How the learning rate changes with the steps: mostly a factor that rises from 0 to 1 over the warm-up, and what follows it. */
@Tagged("type")
public sealed interface ScheduleSettings {
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

    /** From {@code start} to 1 and down to {@code end}, both in half a cosine wave. */
    @Named("one-cycle")
    @Doc("The learning rate rises from a small share of itself and falls to almost nothing, once.")
    record OneCycle(
            @Doc("The steps of the cycle, counted from the start of training.") @Range(min = 4)
            long steps,

            @Doc("The share of the steps in which the rate rises.") @Default("0.3") @Range(above = 0, below = 1)
            double rise,

            @Doc("The share of the learning rate with which the cycle begins.")
            @Default("0.04")
            @Range(min = 0, max = 1)
            double start,

            @Doc("The share of the learning rate with which the cycle ends.") @Default("4e-6") @Range(min = 0, max = 1)
            double end)
            implements ScheduleSettings, Checked {
        @Override
        public void check(Findings findings) {
            if (rise * steps <= 1) {
                findings.wrong("rise", "must leave steps to rise in, of which there are " + steps, rise);
            }
        }
    }
}
