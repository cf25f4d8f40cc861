package io.gradstream.config.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A list whose elements have one form. */
record ListForm(Form element, boolean notEmpty) implements Form {
    @Override
    public @Nullable Object read(Node node, Place place) {
        if (!(node instanceof SequenceNode sequence)) {
            place.fault(node, "must be a list, not a " + Documents.kind(node));
            return null;
        }
        if (notEmpty && sequence.getValue().isEmpty()) {
            place.fault(node, "must have at least one element");
            return null;
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            Place itemPlace = place.index(values.size());
            itemPlace.visit(item);
            values.add(element.read(item, itemPlace));
        }
        return values.stream().allMatch(Objects::nonNull) ? values : null;
    }

    @Override
    public Object write(Object value) {
        return ((List<?>) value).stream().map(element::write).toList();
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> schema = Schema.of("type", "array", "items", element.schema());
        if (notEmpty) {
            schema.put("minItems", 1);
        }
        return schema;
    }

    @Override
    public Optional<Form> child(String segment) {
        return Optional.of(element);
    }
}
