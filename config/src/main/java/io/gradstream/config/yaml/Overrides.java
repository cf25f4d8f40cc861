package io.gradstream.config.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Puts {@code key=value} settings from the command line into a document; the nodes they change are copied. */
final class Overrides {
    private static final Pattern SETTING = Pattern.compile("([^=]+)=(.*)", Pattern.DOTALL);
    private static final Pattern SEGMENT = Pattern.compile("\\.?([^.\\[\\]]+)|\\[([0-9]{1,9})]");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.\\[\\]-]*");

    private final Form form;
    private final Reading reading;

    Overrides(Form form, Reading reading) {
        this.form = form;
        this.reading = reading;
    }

    Node apply(Node document, List<String> settings) {
        Node changed = document;
        for (String setting : settings) {
            changed = apply(changed, setting);
        }
        return changed;
    }

    private Node apply(Node document, String setting) {
        Matcher matcher = SETTING.matcher(setting);
        if (!matcher.matches()) {
            Matcher start = PLAIN.matcher(setting);
            fault("--set " + (start.lookingAt() ? start.group() : ""), "", "must look like key=value");
            return document;
        }
        String path = matcher.group(1).strip();
        String source = "--set " + path;
        try {
            List<String> segments = segments(path);
            Node value = Documents.compose(source, matcher.group(2)).orElseGet(Overrides::empty);
            return set(document, Optional.of(form), segments, value);
        } catch (Unfit e) {
            fault(source, path, String.valueOf(e.getMessage()));
        } catch (YamlEngineException e) {
            fault(source, path, "must be followed by YAML");
        }
        return document;
    }

    private void fault(String source, String path, String rule) {
        reading.fault(source, path, rule);
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        Matcher matcher = SEGMENT.matcher(path);
        int at = 0;
        while (at < path.length()) {
            if (!matcher.region(at, path.length()).lookingAt()) {
                throw new Unfit("must be keys with dots between, and indexes such as [0]");
            }
            segments.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
            at = matcher.end();
        }
        return segments;
    }

    private static Node set(Node node, Optional<Form> form, List<String> path, Node value) {
        if (path.isEmpty()) {
            return value;
        }
        if (form.isPresent() && form.get() instanceof ListForm list) {
            return setElement(node, list, path, value);
        }
        if (form.isPresent() && form.get() instanceof ScalarForm) {
            throw new Unfit("must be a key that can be set: a single value has no key " + path.getFirst());
        }
        boolean text = form.isPresent() && form.get() instanceof TextMapForm;
        String key = text ? String.join(".", path) : path.getFirst();
        List<String> rest = text ? List.of() : path.subList(1, path.size());
        Optional<Form> below = form.flatMap(section -> section.child(key));
        List<NodeTuple> tuples = new ArrayList<>();
        Node keyNode = new ScalarNode(Tag.STR, true, key, ScalarStyle.PLAIN, value.getStartMark(), value.getEndMark());
        Node before = empty();
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode scalar
                        && scalar.getValue().equals(key)) {
                    before = tuple.getValueNode();
                } else {
                    tuples.add(tuple);
                }
            }
        }
        tuples.add(new NodeTuple(keyNode, set(before, below, rest, value)));
        Node marked = node instanceof MappingNode ? node : value;
        return new MappingNode(Tag.MAP, true, tuples, FlowStyle.BLOCK, marked.getStartMark(), marked.getEndMark());
    }

    private static Node setElement(Node node, ListForm form, List<String> path, Node value) {
        List<Node> elements = node instanceof SequenceNode list ? new ArrayList<>(list.getValue()) : new ArrayList<>();
        String segment = path.getFirst();
        if (!segment.matches("[0-9]{1,9}") || Integer.parseInt(segment) > elements.size()) {
            throw new Unfit("must index the list from 0 to " + elements.size() + ": index=" + segment);
        }
        int index = Integer.parseInt(segment);
        List<String> rest = path.subList(1, path.size());
        if (index == elements.size()) {
            elements.add(set(empty(), Optional.of(form.element()), rest, value));
        } else {
            elements.set(index, set(elements.get(index), Optional.of(form.element()), rest, value));
        }
        Node marked = node instanceof SequenceNode ? node : value;
        return new SequenceNode(Tag.SEQ, true, elements, FlowStyle.BLOCK, marked.getStartMark(), marked.getEndMark());
    }

    private static Node empty() {
        return new ScalarNode(Tag.NULL, "", ScalarStyle.PLAIN);
    }
}
