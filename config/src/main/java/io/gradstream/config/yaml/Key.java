package io.gradstream.config.yaml;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * One key of a section: a component of the section's record.
 *
 * @param component the component that holds the value
 * @param form the kind of value
 * @param doc what it means
 * @param fallback the YAML that counts when the key is not given
 * @param optional whether the component is an {@link Optional} that is empty when the key is not given
 */
record Key(RecordComponent component, Form form, String doc, Optional<String> fallback, boolean optional) {
    static Key of(RecordComponent component) {
        Doc doc = component.getAnnotation(Doc.class);
        if (doc == null) {
            throw new IllegalArgumentException("keys must be documented: component=" + component);
        }
        boolean off = component.isAnnotationPresent(OrOff.class);
        boolean optional = component.getType() == Optional.class;
        if (off && !optional) {
            throw new IllegalArgumentException("what can be off must be optional: component=" + component);
        }
        Form form = optional
                ? Forms.of(Forms.argument(component.getAnnotatedType()))
                : Forms.of(component.getAnnotatedType());
        Default fallback = component.getAnnotation(Default.class);
        return new Key(
                component,
                off ? ((ScalarForm) form).orOff() : form,
                doc.value(),
                Optional.ofNullable(fallback).map(Default::value),
                optional && !off);
    }

    String name() {
        Named named = component.getAnnotation(Named.class);
        return named == null ? component.getName() : named.value();
    }

    boolean required() {
        return fallback.isEmpty() && !optional;
    }

    /** The component's value, or null when a fault was reported. */
    @Nullable
    Object read(Node node, Place place) {
        Object value = form.read(node, place);
        return optional && value != null ? Optional.of(value) : value;
    }

    /** The component's value for a key that is not given at {@code section}, or null when a fault was reported. */
    @Nullable
    Object absent(Node section, Place place) {
        if (fallback.isPresent()) {
            return form.read(Documents.fallback(fallback.get()), place.fallback());
        }
        if (optional) {
            return Optional.empty();
        }
        place.fault(section, "must be given");
        return null;
    }

    Optional<Object> write(Record section) {
        Object value = Reflection.get(component, section);
        if (optional) {
            return ((Optional<?>) value).map(form::write);
        }
        return Optional.of(form.write(value));
    }

    Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", doc);
        form.schema().forEach(schema::putIfAbsent);
        fallback.filter(yaml -> !yaml.equals("{}")).ifPresent(yaml -> schema.put("default", Documents.tree(yaml)));
        return schema;
    }
}
