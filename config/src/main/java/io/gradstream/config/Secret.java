package io.gradstream.config;

import io.gradstream.config.yaml.Secrets;
import io.gradstream.config.yaml.Written;

/** A text that is never printed. */
@Written(pattern = "[\\s\\S]*", words = "a text")
public record Secret(String value) {
    public static Secret parse(String text) {
        return new Secret(text);
    }

    public boolean isEmpty() {
        return value.isEmpty();
    }

    @Override
    public String toString() {
        return isEmpty() ? "" : Secrets.MASK;
    }
}
