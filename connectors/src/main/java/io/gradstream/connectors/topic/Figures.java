package io.gradstream.connectors.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Named numbers in JSON, in their order; null stands for a number that is not finite. */
final class Figures {
    private Figures() {}

    static Map<String, Double> copy(Map<String, Double> figures) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    static void put(ObjectNode to, String field, double figure) {
        if (Double.isFinite(figure)) {
            to.put(field, figure);
        } else {
            to.putNull(field);
        }
    }

    static ObjectNode json(Map<String, Double> figures) {
        ObjectNode json = Json.object();
        figures.forEach((name, figure) -> put(json, name, figure));
        return json;
    }

    static double number(JsonNode in, String field) {
        JsonNode node = in.get(field);
        if (node == null || !(node.isNumber() || node.isNull())) {
            throw Json.fault(in, field, "a number or null");
        }
        return node.isNull() ? Double.NaN : node.doubleValue();
    }

    static Map<String, Double> parse(JsonNode in, String field) {
        ObjectNode json = Json.object(in, field);
        Map<String, Double> figures = new LinkedHashMap<>();
        json.properties().forEach(entry -> figures.put(entry.getKey(), number(json, entry.getKey())));
        return figures;
    }
}
