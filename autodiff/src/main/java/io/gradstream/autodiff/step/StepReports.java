package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Reading;
import io.gradstream.autodiff.nn.Model;
import io.gradstream.autodiff.op.Control;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.Stream;

/** The steps that were taken and not told of, and the report that tells of one after the other. */
final class StepReports {
    /** How many steps may be taken before the first of them is told. */
    static final int MOST_AHEAD = 8;

    private final double divisor;
    private final StepReport report;
    private final int[] places;
    private final int ahead;
    /** Of the steps that are due, and of the one that is being accumulated. */
    private final StepFigures[] figures;

    private long taken;
    private long told;

    /** @param trained the names of the parameters that have figures, in their order */
    StepReports(StepSpec spec, Model model, List<String> trained, Arena arena) {
        divisor = spec.divisor();
        report = new StepReport(model.parameters().stream()
                .filter(parameter -> trained.contains(parameter.name()))
                .map(LayerReport::new)
                .toList());
        places = report.layers().stream()
                .mapToInt(layer -> trained.indexOf(layer.name()))
                .toArray();
        // What is looked at closely is written into the report at once, so nothing may be taken before it is read.
        ahead = spec.inspectEvery() > 0 ? 1 : MOST_AHEAD;
        figures = Stream.generate(() -> new StepFigures(trained.size(), spec.clip(), arena))
                .limit(ahead + 1L)
                .toArray(StepFigures[]::new);
    }

    /** What was told last. */
    StepReport report() {
        return report;
    }

    /** How many steps were taken, skipped ones included. */
    long taken() {
        return taken;
    }

    /** How many of them were not told. */
    int due() {
        return (int) (taken - told);
    }

    /** Where the figures of the step that is being accumulated go. */
    StepFigures next() {
        return figures[(int) (taken % figures.length)];
    }

    /** A step was taken. */
    void take(Reading reading, long rows) {
        next().fetch(reading, rows);
        taken++;
    }

    /** Waits for the oldest step that is due, tells of it, and gives its figures. */
    StepFigures tell(Trend trend) {
        if (due() == 0) {
            throw new IllegalStateException("a step must be taken before it is reported: steps=" + taken);
        }
        StepFigures of = figures[(int) (told % figures.length)];
        of.await();
        told++;
        of.tellFirst(trend, divisor, of.control(Control.STEP_SCALE));
        of.fill(report, places, trend);
        return of;
    }

    /** Tells what an inspection saw of the step that was told last, for parameters with gradients for each element. */
    void tell(MomentInspection inspection, StepFigures of, int dense) {
        double before = of.control(Control.STEP_COUNT) - 1;
        for (int i = 0; i < places.length; i++) {
            if (places[i] < dense) {
                inspection.report(
                        places[i],
                        before,
                        of.control(Control.UNSCALE),
                        report.layers().get(i));
            }
        }
    }

    /** Goes on with another number of steps, none of them due. */
    void restart(long steps) {
        taken = steps;
        told = steps;
    }

    void requireRoom() {
        if (due() == ahead) {
            throw new IllegalStateException("steps must be reported before others are taken: due=" + due());
        }
    }

    void requireNoneDue() {
        if (due() > 0) {
            throw new IllegalStateException("every step must be reported before: due=" + due());
        }
    }
}
