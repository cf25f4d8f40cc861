package io.gradstream.pipeline.trainer;

import io.gradstream.connectors.topic.MetricEvent;
import io.gradstream.connectors.topic.StepMetrics;

/** Hears of every step and of every event, on the training thread; it must not block. */
@FunctionalInterface
public interface TrainingListener {
    TrainingListener NONE = figures -> {};

    void stepped(StepMetrics figures);

    default void happened(MetricEvent event) {}
}
