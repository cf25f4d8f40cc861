package io.gradstream.connectors.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Something that happened while training.
 *
 * @param event one word: {@code drift}, {@code overflow}, {@code rollback}, {@code poison}, …
 * @param fields what else is to be said: strings, booleans, integers and floating-point numbers by name
 */
public record MetricEvent(String event, long step, long version, Instant time, Map<String, Object> fields)
        implements MetricRecord {
    private static final Set<String> RESERVED = Set.of("event", "step", "version", "time");

    public MetricEvent {
        if (event.isEmpty()) {
            throw new IllegalArgumentException("an event must have a name");
        }
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        fields.forEach((name, value) -> {
            if (RESERVED.contains(name)) {
                throw new IllegalArgumentException("a field must not take a reserved name: field=" + name);
            }
            switch (value) {
                case String _, Boolean _, Long _, Integer _, Double _, Float _ -> {}
                default ->
                    throw new IllegalArgumentException("a field must be a string, a boolean or a number: field=" + name
                            + " type=" + value.getClass().getName());
            }
        });
    }

    @Override
    public byte[] toJson() {
        ObjectNode json = Json.object();
        json.put("event", event).put("step", step).put("version", version).put("time", time.toString());
        fields.forEach((name, value) -> {
            switch (value) {
                case String text -> json.put(name, text);
                case Boolean flag -> json.put(name, flag);
                case Double number -> Figures.put(json, name, number);
                case Float number -> Figures.put(json, name, number);
                case Number integer -> json.put(name, integer.longValue());
                default -> throw new IllegalStateException("fields are checked when an event is made: field=" + name);
            }
        });
        return Json.bytes(json);
    }

    static MetricEvent parse(ObjectNode json) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (var entry : json.properties()) {
            if (!RESERVED.contains(entry.getKey())) {
                fields.put(entry.getKey(), value(json, entry.getKey(), entry.getValue()));
            }
        }
        return new MetricEvent(
                Json.text(json, "event"),
                Json.integer(json, "step"),
                Json.integer(json, "version"),
                Json.time(json, "time"),
                fields);
    }

    private static Object value(ObjectNode in, String field, JsonNode node) {
        if (node.isTextual()) {
            return node.textValue();
        } else if (node.isBoolean()) {
            return node.booleanValue();
        } else if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        } else if (node.isNumber()) {
            return node.doubleValue();
        } else if (node.isNull()) {
            return Double.NaN;
        }
        throw Json.fault(in, field, "a string, a boolean or a number");
    }
}
