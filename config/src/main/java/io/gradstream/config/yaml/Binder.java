package io.gradstream.config.yaml;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads YAML documents as records of one type, and writes and describes them. */
public final class Binder<T extends Record> {
    private static final String NAME = "name";
    private static final Pattern QUOTING = Pattern.compile("alias|anchor|tag|directive|version");

    private final Class<T> type;
    private final SectionForm form;
    private final Directory directory;
    private final BiConsumer<Parts, Findings> rules;

    /**
     * Prepares a type.
     *
     * @param rules reports what does not fit between sections
     */
    public Binder(Class<T> type, BiConsumer<Parts, Findings> rules) {
        this.type = type;
        this.form = new SectionForm(type);
        this.directory = Directory.of(form);
        this.rules = rules;
    }

    /**
     * Reads a document.
     *
     * @param source what faults call the document
     * @param overrides settings such as {@code a.b=1} that count before the document
     */
    public Bound<T> read(String source, String yaml, List<String> overrides, Map<String, String> environment) {
        Interpolation interpolation = new Interpolation(environment);
        Reading syntax = new Reading(source, NAME, interpolation, directory);
        Optional<Node> document = compose(source, yaml, syntax);
        if (document.isEmpty()) {
            return new Bound<>(Optional.empty(), syntax.faults());
        }
        Node changed = new Overrides(form, syntax).apply(document.get(), overrides);
        Reading reading = new Reading(source, name(changed, interpolation), interpolation, directory);
        T value = bind(changed, new Place("", false, true, reading));
        List<Fault> faults = Stream.concat(reading.faults().stream(), syntax.faults().stream())
                .toList();
        if (value == null && faults.isEmpty()) {
            throw new IllegalStateException("defaults must be valid: type=" + type.getName());
        }
        return new Bound<>(faults.isEmpty() ? Optional.ofNullable(value) : Optional.empty(), faults);
    }

    private @Nullable T bind(Node document, Place root) {
        root.visit(document);
        if (!(document instanceof MappingNode mapping)) {
            root.fault(document, "must be a section with keys, not a " + Documents.kind(document));
            return null;
        }
        Map<String, Object> values = form.values(document, Entry.of(mapping, root), List.of(), root);
        rules.accept(new Parts(values), root.reading());
        return values.size() == form.keys().size() && root.reading().faults().isEmpty()
                ? type.cast(form.construct(values, document, root))
                : null;
    }

    private static Optional<Node> compose(String source, String yaml, Reading reading) {
        try {
            Optional<Node> document = Documents.compose(source, yaml);
            if (document.isEmpty()) {
                reading.fault(source, "", "must not be empty");
            }
            return document;
        } catch (MarkedYamlEngineException e) {
            reading.fault(e.getProblemMark(), "", "must be valid YAML" + reason(e), Optional.empty(), Optional.empty());
        } catch (YamlEngineException e) {
            reading.fault(source, "", "must be valid YAML");
        }
        return Optional.empty();
    }

    /** What the parser says, unless it quotes words of the document, which may be secret. */
    private static String reason(MarkedYamlEngineException e) {
        String problem = e.getProblem();
        return problem == null || QUOTING.matcher(problem).find() ? "" : ": " + problem;
    }

    private static String name(Node document, Interpolation interpolation) {
        if (document instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(NAME)
                        && tuple.getValueNode() instanceof ScalarNode name) {
                    return interpolation.expand(name.getValue(), fault -> {}).orElse(NAME);
                }
            }
        }
        return NAME;
    }

    /** The whole value as YAML, defaults included, with masks in place of secrets. */
    public String write(T value) {
        return new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setIndicatorIndent(2)
                        .setIndentWithIndicator(true)
                        .build())
                .dumpToString(form.write(value));
    }

    /** What {@link #write} writes, as maps, lists, texts, numbers and flags. */
    public Map<String, Object> tree(T value) {
        return form.write(value);
    }

    /** The JSON Schema of the documents, as maps and lists. */
    public Map<String, Object> schema() {
        Map<String, Object> schema = Schema.of("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.putAll(form.schema());
        schema.put("$defs", Schema.of("interpolated", interpolated()));
        return schema;
    }

    private static Map<String, Object> interpolated() {
        Map<String, Object> schema = Schema.of("description", "A text that is filled in from the environment.");
        schema.put("type", "string");
        schema.put("pattern", "\\$\\{[A-Za-z_][A-Za-z0-9_]*(:[^}]*)?\\}");
        return schema;
    }
}
