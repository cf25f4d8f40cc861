package io.gradstream.config.yaml;

import java.util.Optional;

/**
 * One thing that is wrong with a configuration.
 *
 * @param source the file, or the {@code --set} that said it
 * @param line the line in the file, from 1; 0 where there is no line
 * @param path the key, such as {@code training.optimizer.type}; empty for the whole file
 * @param rule what must hold
 * @param value what was found instead, unless it is a secret or not a single value
 * @param nearest the valid name that looks most like the one found
 */
public record Fault(
        String source, int line, String path, String rule, Optional<String> value, Optional<String> nearest) {
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(source);
        if (line > 0) {
            text.append(':').append(line);
        }
        text.append(": ");
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        text.append(rule);
        value.ifPresent(found -> text.append(": value=").append(found));
        nearest.ifPresent(name -> text.append(", did you mean ").append(name).append('?'));
        return text.toString();
    }
}
