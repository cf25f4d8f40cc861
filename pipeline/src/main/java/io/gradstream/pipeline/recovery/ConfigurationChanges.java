package io.gradstream.pipeline.recovery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What differs between two effective configurations, key by key. They are written by one program, in block style. */
final class ConfigurationChanges {
    private ConfigurationChanges() {}

    static List<String> between(String before, String now) {
        Map<String, String> was = values(before);
        Map<String, String> is = values(now);
        List<String> changes = new ArrayList<>();
        was.forEach((key, value) -> {
            if (!value.equals(is.get(key))) {
                changes.add(key + ": " + value + " -> " + is.getOrDefault(key, "none"));
            }
        });
        is.forEach((key, value) -> {
            if (!was.containsKey(key)) {
                changes.add(key + ": none -> " + value);
            }
        });
        return changes;
    }

    private record Level(int indent, String key) {}

    private static Map<String, String> values(String yaml) {
        Map<String, String> values = new LinkedHashMap<>();
        Deque<Level> path = new ArrayDeque<>();
        Map<String, Integer> items = new LinkedHashMap<>();
        for (String line : yaml.lines().toList()) {
            String text = line.strip();
            int indent = line.indexOf(text);
            while (!path.isEmpty() && path.getLast().indent() >= indent) {
                path.removeLast();
            }
            if (text.startsWith("- ")) {
                String list = key(path);
                int item = items.merge(list, 1, Integer::sum) - 1;
                path.addLast(new Level(indent, "[" + item + "]"));
                text = text.substring(2).strip();
                indent += 2;
            }
            int colon = text.indexOf(": ");
            if (colon < 0 && text.endsWith(":")) {
                path.addLast(new Level(indent, text.substring(0, text.length() - 1)));
            } else if (colon < 0) {
                values.put(key(path), text);
            } else {
                path.addLast(new Level(indent, text.substring(0, colon)));
                values.put(key(path), text.substring(colon + 2));
            }
        }
        return values;
    }

    private static String key(Deque<Level> path) {
        StringBuilder key = new StringBuilder();
        for (Level level : path) {
            key.append(key.isEmpty() || level.key().startsWith("[") ? "" : ".").append(level.key());
        }
        return key.toString();
    }
}
