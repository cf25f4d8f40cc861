package io.gradstream.connectors.topic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The JSON of our own topics, read strictly: a fault names the document and the field. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(32).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values must be writable as JSON", e);
        }
    }

    /** @param what the kind of document, for messages */
    static ObjectNode object(String what, byte[] bytes) {
        try {
            if (MAPPER.readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new MalformedException(what + " must be JSON: fault=" + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MalformedException(what + " must be JSON: fault=" + e.getMessage(), e);
        }
        throw new MalformedException(what + " must be a JSON object");
    }

    static ObjectNode object(JsonNode in, String field) {
        if (in.get(field) instanceof ObjectNode object) {
            return object;
        }
        throw fault(in, field, "an object");
    }

    static ArrayNode array(JsonNode in, String field) {
        if (in.get(field) instanceof ArrayNode array) {
            return array;
        }
        throw fault(in, field, "an array");
    }

    static String text(JsonNode in, String field) {
        JsonNode node = in.get(field);
        if (node == null || !node.isTextual()) {
            throw fault(in, field, "a string");
        }
        return node.textValue();
    }

    static long integer(JsonNode in, String field) {
        return integer(in.get(field), in, field);
    }

    static long integer(@Nullable JsonNode node, JsonNode in, String field) {
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong()) {
            throw fault(in, field, "an integer");
        }
        return node.longValue();
    }

    static double number(JsonNode in, String field) {
        JsonNode node = in.get(field);
        if (node == null || !node.isNumber()) {
            throw fault(in, field, "a number");
        }
        return node.doubleValue();
    }

    static int count(JsonNode in, String field) {
        return count(in.get(field), in, field);
    }

    static int count(@Nullable JsonNode node, JsonNode in, String field) {
        if (node == null || !node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
            throw fault(in, field, "an integer from 0 to 2147483647");
        }
        return node.intValue();
    }

    static boolean flag(JsonNode in, String field) {
        JsonNode node = in.get(field);
        if (node == null || !node.isBoolean()) {
            throw fault(in, field, "true or false");
        }
        return node.booleanValue();
    }

    static Instant time(JsonNode in, String field) {
        try {
            return Instant.parse(text(in, field));
        } catch (DateTimeException e) {
            throw new MalformedException("field must be a time such as 2026-11-21T12:00:00Z: field=" + field, e);
        }
    }

    static MalformedException fault(JsonNode in, String field, String expected) {
        return new MalformedException("field must be " + expected + ": field=" + field + " value=" + in.get(field));
    }
}
