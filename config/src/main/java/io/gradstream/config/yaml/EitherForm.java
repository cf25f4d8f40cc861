package io.gradstream.config.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Either a section with one key, which tells what it is, or a bare word. */
record EitherForm(Map<String, SectionForm> sections, Map<String, SectionForm> words) implements Form {
    EitherForm(Class<?> type) {
        this(new LinkedHashMap<>(), new LinkedHashMap<>());
        for (Class<?> variant : type.getPermittedSubclasses()) {
            SectionForm section = new SectionForm(variant.asSubclass(Record.class));
            switch (section.keys().size()) {
                case 0 -> words.put(Forms.name(variant), section);
                case 1 -> sections.put(section.keys().getFirst().name(), section);
                default ->
                    throw new IllegalArgumentException("variants must have at most one key: type=" + variant.getName());
            }
        }
    }

    @Override
    public @Nullable Object read(Node node, Place place) {
        if (!(node instanceof MappingNode mapping)) {
            Object word = new ScalarForm(this::known, text -> text, Map.of()).read(node, place);
            SectionForm form = word == null ? null : words.get((String) word);
            return form == null ? null : form.construct(Map.of(), node, place);
        }
        List<Entry> entries = Entry.of(mapping, place);
        List<SectionForm> chosen = entries.stream()
                .flatMap(entry -> Stream.ofNullable(sections.get(entry.key())))
                .toList();
        if (chosen.size() == 1) {
            return chosen.getFirst().read(node, entries, List.of(), place);
        }
        if (chosen.size() > 1) {
            place.fault(node, "must have only one of the keys " + String.join(", ", sections.keySet()));
            return null;
        }
        for (Entry entry : entries) {
            place.key(entry.key())
                    .fault(
                            entry.at(),
                            "is not a known key",
                            Optional.empty(),
                            Spelling.nearest(entry.key(), sections.keySet())
                                    .map(near -> place.key(near).path()));
        }
        if (entries.isEmpty()) {
            place.fault(node, rule());
        }
        return null;
    }

    private Object known(String word) {
        if (!words.containsKey(word)) {
            throw new Unfit(rule(), Spelling.nearest(word, words.keySet()));
        }
        return word;
    }

    private String rule() {
        List<String> forms = new ArrayList<>();
        sections.keySet().forEach(key -> forms.add("{" + key + ": …}"));
        forms.addAll(words.keySet());
        return "must be " + String.join(" or ", forms);
    }

    @Override
    public Object write(Object value) {
        return Stream.concat(words.entrySet().stream(), sections.entrySet().stream())
                .filter(form -> form.getValue().type().isInstance(value))
                .map(form -> words.containsKey(form.getKey())
                        ? form.getKey()
                        : form.getValue().write(value))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public Map<String, Object> schema() {
        List<Object> variants = new ArrayList<>();
        sections.values().forEach(section -> variants.add(section.schema()));
        words.keySet().forEach(word -> variants.add(Schema.of("const", word)));
        return Schema.of("oneOf", variants);
    }

    @Override
    public Optional<Form> child(String segment) {
        return Optional.ofNullable(sections.get(segment)).flatMap(section -> section.child(segment));
    }

    @Override
    public List<Key> keys() {
        return sections.values().stream()
                .flatMap(section -> section.keys().stream())
                .toList();
    }
}
