package io.gradstream.config.yaml;

import java.util.Map;
import java.util.Optional;

/** Those keys of the top section that could be read, for rules between sections. */
public record Parts(Map<String, Object> values) {
    public Parts {
        values = Map.copyOf(values);
    }

    /** The value of a key, unless it has a fault. */
    public <T> Optional<T> get(String key, Class<T> type) {
        return Optional.ofNullable(values.get(key)).map(type::cast);
    }
}
