package io.gradstream.connectors.topic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** One record of a metrics topic: the figures of a step, or something that happened. Its key is the model's name. */
public sealed interface MetricRecord permits StepMetrics, MetricEvent {
    long step();

    long version();

    Instant time();

    /** The record's value. Figures that are not finite are written as null. */
    byte[] toJson();

    static MetricRecord parse(byte[] value) {
        ObjectNode json = Json.object("metric", value);
        try {
            return json.has("event") ? MetricEvent.parse(json) : StepMetrics.parse(json);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("metric contradicts itself: " + e.getMessage(), e);
        }
    }

    /** The JSON Schema of the records of a metrics topic. */
    static String schema() {
        return Resources.text("metrics.schema.json");
    }
}
