package io.gradstream.config.yaml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** A section whose keys are the components of a record. */
record SectionForm(Class<? extends Record> type, List<Key> keys) implements Form {
    SectionForm(Class<? extends Record> type) {
        this(type, Arrays.stream(type.getRecordComponents()).map(Key::of).toList());
    }

    @Override
    public @Nullable Object read(Node node, Place place) {
        if (!(node instanceof MappingNode mapping)) {
            place.fault(node, "must be a section with keys, not a " + Documents.kind(node));
            return null;
        }
        return read(mapping, Entry.of(mapping, place), List.of(), place);
    }

    /** The record of the given entries; {@code also} are keys that belong to someone else. */
    @Nullable
    Record read(Node section, List<Entry> entries, List<String> also, Place place) {
        Map<String, Object> values = values(section, entries, also, place);
        return values.size() == keys.size() ? construct(values, section, place) : null;
    }

    /** The values of those keys that are without fault. */
    Map<String, Object> values(Node section, List<Entry> entries, List<String> also, Place place) {
        Map<String, Entry> given = entries.stream()
                .filter(entry -> !place.isEmpty(entry.value()))
                .collect(Collectors.toMap(Entry::key, Function.identity()));
        reportUnknown(entries, also, place);
        Map<String, Object> values = new LinkedHashMap<>();
        for (Key key : keys) {
            Entry entry = given.get(key.name());
            Place below = place.key(key.name());
            Object value = entry == null ? key.absent(section, below) : key.read(entry.value(), below);
            if (value != null) {
                values.put(key.name(), value);
            }
        }
        return values;
    }

    @Nullable
    Record construct(Map<String, Object> values, Node section, Place place) {
        try {
            Record record = Reflection.construct(type, List.copyOf(values.values()));
            if (record instanceof Checked checked) {
                checked.check((path, rule, value) ->
                        place.reading().wrong(place.key(path).path(), rule, value));
            }
            return record;
        } catch (IllegalArgumentException e) {
            place.fault(section, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private void reportUnknown(List<Entry> entries, List<String> also, Place place) {
        List<String> names = new ArrayList<>(also);
        keys.forEach(key -> names.add(key.name()));
        for (Entry entry : entries) {
            if (!names.contains(entry.key())) {
                Optional<String> near = Spelling.nearest(entry.key(), names);
                place.key(entry.key())
                        .fault(
                                entry.at(),
                                "is not a known key",
                                Optional.empty(),
                                near.map(name -> place.key(name).path())
                                        .or(() -> place.reading().elsewhere(entry.key())));
            }
        }
    }

    @Override
    public Map<String, Object> write(Object value) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (Key key : keys) {
            key.write((Record) value).ifPresent(written -> tree.put(key.name(), written));
        }
        return tree;
    }

    @Override
    public Map<String, Object> schema() {
        return schema(Map.of());
    }

    /** The schema with some more properties, which are required. */
    Map<String, Object> schema(Map<String, Object> more) {
        Map<String, Object> properties = new LinkedHashMap<>(more);
        List<String> required = new ArrayList<>(more.keySet());
        for (Key key : keys) {
            properties.put(key.name(), key.schema());
            if (key.required()) {
                required.add(key.name());
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        Doc doc = type.getAnnotation(Doc.class);
        if (doc != null) {
            schema.put("description", doc.value());
        }
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    @Override
    public Optional<Form> child(String segment) {
        return keys.stream()
                .filter(key -> key.name().equals(segment))
                .map(Key::form)
                .findFirst();
    }
}
