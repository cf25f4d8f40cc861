package io.gradstream.config.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** What is gathered while one document is read: faults, and where each path stands. */
final class Reading implements Findings {
    private static final int LONGEST_VALUE = 80;

    private final String source;
    private final String name;
    private final Interpolation interpolation;
    private final Directory directory;
    private final Map<String, Node> nodes = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();

    Reading(String source, String name, Interpolation interpolation, Directory directory) {
        this.source = source;
        this.name = name;
        this.interpolation = interpolation;
        this.directory = directory;
    }

    /** The name of the configuration, which defaults refer to as {@code <name>}. */
    String name() {
        return name;
    }

    Interpolation interpolation() {
        return interpolation;
    }

    /** The path of a key with this name in another section. */
    Optional<String> elsewhere(String key) {
        return directory.find(key);
    }

    void visit(String path, Node node) {
        nodes.put(path, node);
    }

    @Override
    public void wrong(String path, String rule, Object value) {
        fault(nearestNode(path), path, rule, Optional.of(value.toString()), Optional.empty());
    }

    void fault(Node at, String path, String rule, Optional<String> value, Optional<String> nearest) {
        fault(at.getStartMark(), path, rule, value, nearest);
    }

    void fault(Optional<Mark> at, String path, String rule, Optional<String> value, Optional<String> nearest) {
        String where = at.map(Mark::getName).orElse(source);
        int line = where.equals(source) ? at.map(Mark::getLine).orElse(-1) + 1 : 0;
        faults.add(new Fault(where, line, path, rule, value.map(Reading::shortened), nearest));
    }

    /** Reports what stands in no line of the document. */
    void fault(String where, String path, String rule) {
        faults.add(new Fault(where, 0, path, rule, Optional.empty(), Optional.empty()));
    }

    /** All faults in the order of the document. */
    List<Fault> faults() {
        return faults.stream()
                .distinct()
                .sorted(Comparator.comparing((Fault fault) -> !fault.source().equals(source))
                        .thenComparingInt(Fault::line))
                .toList();
    }

    private Node nearestNode(String path) {
        String ancestor = path;
        while (!nodes.containsKey(ancestor)) {
            ancestor =
                    ancestor.substring(0, Math.max(0, Math.max(ancestor.lastIndexOf('.'), ancestor.lastIndexOf('['))));
        }
        return nodes.get(ancestor);
    }

    private static String shortened(String value) {
        String line = value.replaceAll("\\s+", " ");
        return line.length() <= LONGEST_VALUE ? line : line.substring(0, LONGEST_VALUE) + "…";
    }
}
