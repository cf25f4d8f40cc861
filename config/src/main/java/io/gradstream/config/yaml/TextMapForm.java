package io.gradstream.config.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** A section with keys of the user's choice, whose values are kept as text. */
record TextMapForm() implements Form {
    private static final ScalarForm TEXT = Scalars.text(null);

    @Override
    public @Nullable Object read(Node node, Place place) {
        if (!(node instanceof MappingNode mapping)) {
            place.fault(node, "must be a section, not a " + Documents.kind(node));
            return null;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        boolean whole = true;
        for (Entry entry : Entry.of(mapping, place)) {
            Object value = TEXT.read(entry.value(), place.key(entry.key()));
            if (value == null) {
                whole = false;
            } else {
                values.put(entry.key(), value);
            }
        }
        return whole ? values : null;
    }

    @Override
    public Object write(Object value) {
        Map<String, Object> masked = new LinkedHashMap<>();
        ((Map<?, ?>) value)
                .forEach((key, text) -> masked.put((String) key, Secrets.shown((String) key, (String) text)));
        return masked;
    }

    @Override
    public Map<String, Object> schema() {
        return Schema.of(
                "type", "object", "additionalProperties", Schema.of("type", List.of("string", "number", "boolean")));
    }

    @Override
    public Optional<Form> child(String segment) {
        return Optional.of(TEXT);
    }
}
