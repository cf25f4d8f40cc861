package io.gradstream.pipeline.guard;

import java.util.LinkedHashMap;
import java.util.Map;

/** Something that a guard has to say among the metrics. */
public record GuardEvent(String name, Map<String, Object> fields) {
    public GuardEvent {
        fields = new LinkedHashMap<>(fields);
    }

    /** With fields given as names and values by turns. */
    public static GuardEvent of(String name, Object... fields) {
        Map<String, Object> byName = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            byName.put((String) fields[i], fields[i + 1]);
        }
        return new GuardEvent(name, byName);
    }
}
