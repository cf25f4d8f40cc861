package io.gradstream.connectors.topic;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A checker for the part of JSON Schema that our schemas use; an unknown keyword is an error. */
final class Schemas {
    private final JsonNode root;
    private final List<String> faults = new ArrayList<>();

    private Schemas(JsonNode root) {
        this.root = root;
    }

    static List<String> faults(JsonNode schema, JsonNode value) {
        Schemas check = new Schemas(schema);
        check.check(schema, value, "$");
        return check.faults;
    }

    private void check(JsonNode schema, JsonNode value, String at) {
        for (Map.Entry<String, JsonNode> rule : schema.properties()) {
            JsonNode wanted = rule.getValue();
            switch (rule.getKey()) {
                case "$schema", "$id", "$defs", "title", "description", "format" -> {}
                case "$ref" -> check(root.at(wanted.textValue().substring(1)), value, at);
                case "type" -> expect(hasType(wanted, value), at, "type " + wanted);
                case "minimum" ->
                    expect(!value.isNumber() || value.doubleValue() >= wanted.doubleValue(), at, "minimum " + wanted);
                case "minLength" ->
                    expect(
                            !value.isTextual() || value.textValue().length() >= wanted.intValue(),
                            at,
                            "length " + wanted);
                case "required" -> wanted.forEach(name -> expect(value.has(name.textValue()), at, "required " + name));
                case "properties" -> {
                    for (Map.Entry<String, JsonNode> property : wanted.properties()) {
                        if (value.has(property.getKey())) {
                            check(property.getValue(), value.get(property.getKey()), at + "." + property.getKey());
                        }
                    }
                }
                case "additionalProperties" -> {
                    for (Map.Entry<String, JsonNode> property : value.properties()) {
                        if (!schema.path("properties").has(property.getKey())) {
                            check(wanted, property.getValue(), at + "." + property.getKey());
                        }
                    }
                }
                case "not" -> expect(!matches(wanted, value), at, "not " + wanted);
                case "oneOf" -> {
                    long matching = 0;
                    for (JsonNode option : wanted) {
                        matching += matches(option, value) ? 1 : 0;
                    }
                    expect(matching == 1, at, "one of " + wanted);
                }
                default -> throw new IllegalArgumentException("keyword must be known: keyword=" + rule.getKey());
            }
        }
    }

    private boolean matches(JsonNode schema, JsonNode value) {
        Schemas check = new Schemas(root);
        check.check(schema, value, "$");
        return check.faults.isEmpty();
    }

    private void expect(boolean holds, String at, String rule) {
        if (!holds) {
            faults.add(at + ": " + rule);
        }
    }

    private static boolean hasType(JsonNode wanted, JsonNode value) {
        if (wanted.isArray()) {
            for (JsonNode type : wanted) {
                if (hasType(type, value)) {
                    return true;
                }
            }
            return false;
        }
        return switch (wanted.textValue()) {
            case "object" -> value.isObject();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "number" -> value.isNumber();
            case "integer" -> value.isIntegralNumber();
            default -> throw new IllegalArgumentException("type must be known: type=" + wanted);
        };
    }
}
