package io.gradstream.config.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** A section that is one of several records, told apart by the key {@code tag}. */
record TaggedForm(String tag, Map<String, SectionForm> variants, Choice choice) implements Form {
    TaggedForm(Class<?> type) {
        this(type.getAnnotation(Tagged.class).value(), variants(type), Forms.later(type));
    }

    private TaggedForm(String tag, Map<String, SectionForm> variants, List<String> later) {
        this(tag, variants, new Choice(List.copyOf(variants.keySet()), later));
    }

    private static Map<String, SectionForm> variants(Class<?> type) {
        Map<String, SectionForm> variants = new LinkedHashMap<>();
        for (Class<?> variant : type.getPermittedSubclasses()) {
            variants.put(Forms.name(variant), new SectionForm(variant.asSubclass(Record.class)));
        }
        return variants;
    }

    @Override
    public @Nullable Object read(Node node, Place place) {
        if (!(node instanceof MappingNode mapping)) {
            place.fault(node, "must be a section with the key " + tag + ", not a " + Documents.kind(node));
            return null;
        }
        List<Entry> entries = Entry.of(mapping, place);
        Optional<Entry> tagged = entries.stream()
                .filter(entry -> entry.key().equals(tag) && !place.isEmpty(entry.value()))
                .findFirst();
        if (tagged.isEmpty()) {
            reportMissingTag(node, entries, place);
            return null;
        }
        Object name = new ScalarForm(this::known, text -> text, Map.of())
                .read(tagged.get().value(), place.key(tag));
        SectionForm variant = name == null ? null : variants.get((String) name);
        return variant == null ? null : variant.read(node, entries, List.of(tag), place);
    }

    private void reportMissingTag(Node node, List<Entry> entries, Place place) {
        String rule = "must be one of " + String.join(", ", choice.names());
        Optional<Entry> misspelt = entries.stream()
                .filter(entry -> child(entry.key()).isEmpty())
                .filter(entry -> Spelling.nearest(entry.key(), List.of(tag)).isPresent())
                .findFirst();
        if (misspelt.isPresent()) {
            place.key(misspelt.get().key())
                    .fault(
                            misspelt.get().at(),
                            "is not a known key",
                            Optional.empty(),
                            Optional.of(place.key(tag).path()));
        } else {
            place.key(tag).fault(node, "must be given: " + rule);
        }
    }

    private String known(String name) {
        if (!variants.containsKey(name)) {
            throw choice.unfit(name);
        }
        return name;
    }

    @Override
    public Object write(Object value) {
        Map<String, Object> tree = new LinkedHashMap<>();
        String name = Forms.name(value.getClass());
        tree.put(tag, name);
        SectionForm variant = variants.get(name);
        if (variant != null) {
            ((Map<?, ?>) variant.write(value)).forEach((key, written) -> tree.put((String) key, written));
        }
        return tree;
    }

    @Override
    public Map<String, Object> schema() {
        return Schema.of(
                "type",
                "object",
                "oneOf",
                variants.entrySet().stream()
                        .map(variant -> variant.getValue().schema(Map.of(tag, Schema.of("const", variant.getKey()))))
                        .toList());
    }

    @Override
    public Optional<Form> child(String segment) {
        if (segment.equals(tag)) {
            return Optional.of(new ScalarForm(this::known, text -> text, Map.of()));
        }
        return variants.values().stream()
                .flatMap(variant -> variant.child(segment).stream())
                .findFirst();
    }

    @Override
    public List<Key> keys() {
        return variants.values().stream()
                .flatMap(variant -> variant.keys().stream())
                .toList();
    }
}
