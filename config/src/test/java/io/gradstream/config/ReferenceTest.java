package io.gradstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The table of all keys in {@code docs/configuration.md}, which follows from the JSON Schema. */
class ReferenceTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final String START = "<!-- keys -->\n";

    /** Run with {@code -Dgradstream.docs=write} to bring the page up to date. */
    @Test
    void isUpToDate() throws IOException {
        String page = Files.readString(PAGE);
        String upToDate = page.substring(0, page.indexOf(START) + START.length()) + table();
        if ("write".equals(System.getProperty("gradstream.docs"))) {
            Files.writeString(PAGE, upToDate);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(upToDate);
    }

    private static String table() throws JsonProcessingException {
        List<String> lines = new ArrayList<>(List.of("| key | means | default |", "| --- | --- | --- |"));
        gather("", new ObjectMapper().readTree(JsonSchema.text()), lines);
        return String.join("\n", lines) + "\n";
    }

    private static void gather(String path, JsonNode section, List<String> lines) {
        section.path("properties").properties().forEach(property -> {
            String key = path + property.getKey();
            JsonNode schema = property.getValue();
            if (!schema.has("const")) {
                lines.add("| `" + key + "` | " + meaning(schema) + " | " + fallback(section, property.getKey()) + " |");
                gatherBelow(key, schema, lines);
            }
        });
    }

    private static void gatherBelow(String key, JsonNode schema, List<String> lines) {
        gather(key + ".", schema, lines);
        if (schema.has("items")) {
            gatherBelow(key + "[]", schema.get("items"), lines);
        }
        for (JsonNode variant : schema.path("oneOf")) {
            String type = variant.path("properties").path("type").path("const").asText("");
            if (!type.isEmpty()) {
                lines.add("| `" + key + ": {type: " + type + "}` | "
                        + variant.path("description").asText() + " | |");
            }
            gather(type.isEmpty() ? key + "." : key + "(" + type + ").", variant, lines);
        }
    }

    private static String meaning(JsonNode schema) {
        String names = schema.findValues("enum").stream()
                .limit(schema.has("items") ? 0 : 1)
                .flatMap(choices -> StreamSupport.stream(choices.spliterator(), false))
                .map(JsonNode::asText)
                .collect(Collectors.joining(", "));
        String text = schema.path("description").asText();
        return (names.isEmpty() || schema.has("oneOf") || schema.has("properties"))
                ? text
                : text + " One of " + names + ".";
    }

    private static String fallback(JsonNode section, String key) {
        JsonNode value = section.path("properties").path(key).path("default");
        if (!value.isMissingNode()) {
            String text = value.isContainerNode()
                    ? value.toString().replace("\"", "").replace(":", ": ")
                    : value.isNumber() ? number(value.asDouble()) : value.asText();
            return text.isEmpty() ? "" : "`" + text + "`";
        }
        return StreamSupport.stream(section.path("required").spliterator(), false)
                        .anyMatch(name -> name.asText().equals(key))
                ? "must be given"
                : "";
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : String.valueOf(value);
    }
}
