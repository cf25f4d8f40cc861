package io.gradstream.config.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A key of a mapping, and what stands under it. */
record Entry(String key, Node at, Node value) {
    /** The entries of a mapping; keys that are given twice or are no words are reported and left out. */
    static List<Entry> of(MappingNode mapping, Place place) {
        Map<String, Node> seen = new LinkedHashMap<>();
        List<Entry> entries = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                place.fault(tuple.getKeyNode(), "keys must be words, not a " + Documents.kind(tuple.getKeyNode()));
                continue;
            }
            Node first = seen.putIfAbsent(key.getValue(), key);
            if (first != null) {
                place.key(key.getValue())
                        .fault(key, "must be given once; it is given first in line " + Documents.line(first));
                continue;
            }
            place.key(key.getValue()).visit(tuple.getValueNode());
            entries.add(new Entry(key.getValue(), key, tuple.getValueNode()));
        }
        return entries;
    }
}
