package io.gradstream.config.yaml;

import java.util.LinkedHashMap;
import java.util.Map;

/** Pieces of JSON Schema, as maps that keep their order. */
final class Schema {
    private Schema() {}

    static Map<String, Object> of(String key, Object value) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put(key, value);
        return schema;
    }

    static Map<String, Object> of(String key, Object value, String key2, Object value2) {
        Map<String, Object> schema = of(key, value);
        schema.put(key2, value2);
        return schema;
    }
}
