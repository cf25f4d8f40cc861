package io.gradstream.config.yaml;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Node graphs of YAML 1.2 documents. */
final class Documents {
    private static final String FALLBACK = "default";

    private Documents() {}

    /** The root of a document, unless it is empty; {@code source} is what its marks are called. */
    static Optional<Node> compose(String source, String yaml) {
        return new Compose(LoadSettings.builder().setLabel(source).build()).composeString(yaml);
    }

    /** The node of a default. */
    static Node fallback(String yaml) {
        return compose(FALLBACK, yaml)
                .orElseThrow(() -> new IllegalArgumentException("defaults must not be empty: yaml=" + yaml));
    }

    /** A document as maps, lists, numbers, booleans and texts. */
    static Object tree(String yaml) {
        return new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    /** The line a node starts in, from 1; 0 if it stands in no file. */
    static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }

    static String kind(Node node) {
        return switch (node.getNodeType()) {
            case SCALAR -> isNull(node) ? "missing value" : "single value";
            case SEQUENCE -> "list";
            case MAPPING -> "section";
            case ANCHOR -> "reference";
        };
    }
}
