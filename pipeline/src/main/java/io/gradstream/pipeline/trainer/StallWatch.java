package io.gradstream.pipeline.trainer;

import io.gradstream.autodiff.step.LearningWatch;
import io.gradstream.autodiff.step.LearningWatch.Cause;
import io.gradstream.autodiff.step.LearningWatch.Reason;
import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.StepReport;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.connectors.topic.MetricEvent;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks once in so many steps why the loss does not fall, and says each reason when it is new. Of the rows it sees the first ones until
 * they are enough, and then only a few micro-batches, so that training does not wait for it.
 */
final class StallWatch {
    private static final Logger log = LoggerFactory.getLogger(StallWatch.class);
    private static final int SAMPLES = 16;

    private final TrainingStep step;
    private final int every;
    private final Set<Reason> said = EnumSet.noneOf(Reason.class);
    private LearningWatch watch;
    private int steps;

    /** @param every how many steps to look on before asking; 0 to never ask */
    StallWatch(TrainingStep step, int every) {
        this.step = step;
        this.every = every;
        watch = new LearningWatch(step);
    }

    /** Looks at the rows of a step that is to come, and says what the steps before it were like. */
    List<Cause> look(List<MicroBatch> rows) {
        if (every == 0 || rows.isEmpty()) {
            return List.of();
        }
        if (steps < every) {
            if (!watch.hasSeenEnoughRows() || steps % Math.max(1, every / SAMPLES) == 0) {
                rows.forEach(watch::observe);
            }
            return List.of();
        }
        List<Cause> causes = watch.causes(rows.getLast());
        List<Cause> news =
                causes.stream().filter(cause -> !said.contains(cause.reason())).toList();
        said.clear();
        causes.forEach(cause -> said.add(cause.reason()));
        news.forEach(cause -> log.warn("the loss does not fall: {}", cause));
        watch = new LearningWatch(step);
        steps = 0;
        return news;
    }

    /** Looks at what a step did. */
    void look(StepReport report) {
        if (every > 0) {
            watch.observe(report);
            steps++;
        }
    }

    /** What is to be published about a reason. */
    static MetricEvent event(Cause cause, long step, long version, Instant time) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("reason", cause.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        fields.put("text", cause.reason().text());
        fields.put("facts", cause.facts());
        return new MetricEvent("stalled", step, version, time, fields);
    }
}
