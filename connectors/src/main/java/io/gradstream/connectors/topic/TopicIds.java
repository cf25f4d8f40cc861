package io.gradstream.connectors.topic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The topics that positions belong to, told apart from others of their names: a topic that is deleted and made anew has another id
 * (KIP-516). A topic of which no id is known is taken for the one it was.
 *
 * @param byName the id of each topic that has one
 */
public record TopicIds(SortedMap<String, String> byName) {
    /** Nothing is known, as of positions that were written before ids were. */
    public static final TopicIds NONE = new TopicIds(Map.of());

    private static final String FIELD = "topics";

    public TopicIds {
        byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
    }

    public TopicIds(Map<String, String> byName) {
        this(new TreeMap<>(byName));
    }

    /** Whether a topic of this name is known to have been another one then. */
    public boolean replaced(String topic, TopicIds then) {
        String before = then.byName.get(topic);
        String now = byName.get(topic);
        return before != null && now != null && !before.equals(now);
    }

    /** The same, where something newer is known of some. */
    public TopicIds with(TopicIds newer) {
        SortedMap<String, String> all = new TreeMap<>(byName);
        all.putAll(newer.byName);
        return new TopicIds(all);
    }

    /** What is known of these topics alone. */
    public TopicIds of(Collection<String> topics) {
        SortedMap<String, String> some = new TreeMap<>(byName);
        some.keySet().retainAll(topics);
        return new TopicIds(some);
    }

    /** Adds a field to a document, if there is anything to say. */
    void addTo(ObjectNode json) {
        if (!byName.isEmpty()) {
            ObjectNode ids = json.putObject(FIELD);
            byName.forEach(ids::put);
        }
    }

    static TopicIds parse(ObjectNode json) {
        if (!json.has(FIELD)) {
            return NONE;
        }
        ObjectNode ids = Json.object(json, FIELD);
        SortedMap<String, String> byName = new TreeMap<>();
        ids.fieldNames().forEachRemaining(topic -> byName.put(topic, Json.text(ids, topic)));
        return new TopicIds(byName);
    }
}
