package io.gradstream.config.yaml;

import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Where in a document the reader stands.
 *
 * @param path the keys that lead there
 * @param hidden whether what stands there must not be printed
 * @param given whether it stands in the document; false in a default
 * @param reading what all places of the document share
 */
record Place(String path, boolean hidden, boolean given, Reading reading) {
    Place key(String name) {
        return new Place(path.isEmpty() ? name : path + "." + name, hidden || Secrets.isSecret(name), given, reading);
    }

    Place index(int index) {
        return new Place(path + "[" + index + "]", hidden, given, reading);
    }

    /** The same place, filled from a default. */
    Place fallback() {
        return new Place(path, hidden, false, reading);
    }

    /** Remembers where the document says something about this place. */
    void visit(Node node) {
        if (given) {
            reading.visit(path, node);
        }
    }

    /** Reports a fault of the document; a default can only be wrong through the name, which has its own fault. */
    void fault(Node at, String rule) {
        fault(at, rule, Optional.empty(), Optional.empty());
    }

    void fault(Node at, String rule, Optional<String> value, Optional<String> nearest) {
        if (given) {
            reading.fault(at, path, rule, hidden ? Optional.empty() : value, nearest);
        }
    }

    /** Whether a node says as much as a key that is not given: nothing, or a reference to the environment that comes out empty. */
    boolean isEmpty(Node node) {
        if (node instanceof ScalarNode scalar && scalar.getValue().contains("${")) {
            return reading.interpolation()
                    .expand(scalar.getValue(), rule -> {})
                    .filter(String::isEmpty)
                    .isPresent();
        }
        return Documents.isNull(node);
    }

    /** The text of a node with its {@code ${ENV:default}} filled in, unless that was a fault. */
    Optional<String> text(ScalarNode node) {
        String raw = node.getValue();
        if (!given) {
            return Optional.of(raw.replace("<name>", reading.name()));
        }
        return reading.interpolation().expand(raw, rule -> fault(node, rule, Optional.of(raw), Optional.empty()));
    }
}
