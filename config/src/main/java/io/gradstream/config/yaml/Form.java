package io.gradstream.config.yaml;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** One kind of value: how it is read, written and described. */
sealed interface Form permits SectionForm, TaggedForm, EitherForm, ListForm, TextMapForm, ScalarForm {
    /** The value of a node, or null when a fault was reported. */
    @Nullable
    Object read(Node node, Place place);

    /** The value as a tree of maps, lists and scalars that reads back to an equal value, but for secrets. */
    Object write(Object value);

    /** The JSON Schema of the value. */
    Map<String, Object> schema();

    /** The form of what an override calls {@code segment} below this value. */
    Optional<Form> child(String segment);

    /** The keys that may stand directly below this value, with their forms. */
    default List<Key> keys() {
        return List.of();
    }
}
