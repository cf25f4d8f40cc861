package io.gradstream.config.yaml;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A value that is one word or phrase.
 *
 * @param parse the value of a text; throws {@link IllegalArgumentException} with the rule that the text breaks
 * @param print the value as a text, number or boolean
 * @param schema its JSON Schema
 */
record ScalarForm(Function<String, Object> parse, Function<Object, Object> print, Map<String, Object> schema)
        implements Form {
    private static final String OFF = "off";

    @Override
    public @Nullable Object read(Node node, Place place) {
        if (!(node instanceof ScalarNode scalar)) {
            place.fault(node, "must be a single value, not a " + Documents.kind(node));
            return null;
        }
        if (Documents.isNull(node)) {
            place.fault(node, "must be given");
            return null;
        }
        Optional<String> text = place.text(scalar);
        if (text.isEmpty()) {
            return null;
        }
        try {
            return parse.apply(text.get());
        } catch (Unfit e) {
            place.fault(node, String.valueOf(e.getMessage()), Optional.of(scalar.getValue()), e.nearest());
        } catch (IllegalArgumentException e) {
            place.fault(node, String.valueOf(e.getMessage()), Optional.of(scalar.getValue()), Optional.empty());
        }
        return null;
    }

    @Override
    public Object write(Object value) {
        return print.apply(value);
    }

    @Override
    public Optional<Form> child(String segment) {
        return Optional.empty();
    }

    /** The same for an {@link Optional} that the word {@code off} empties. */
    ScalarForm orOff() {
        return new ScalarForm(
                text -> text.equals(OFF) ? Optional.empty() : Optional.of(parseOrOff(text)),
                value -> ((Optional<?>) value).<Object>map(print).orElse(OFF),
                Schema.of("anyOf", List.of(schema, Schema.of("const", OFF))));
    }

    private Object parseOrOff(String text) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new Unfit(e.getMessage() + ", or off", Spelling.nearest(text, List.of(OFF)));
        }
    }
}
