package io.gradstream.config;

import io.gradstream.config.yaml.Written;

/** A text that is never printed. */
@Written(pattern = "[\\s\\S]*", words = "a text")
public record Secret(String value) {
    /** What is printed in place of every secret. */
    public static final String MASK = "******";

    public static Secret parse(String text) {
        return new Secret(text);
    }

    public boolean isEmpty() {
        return value.isEmpty();
    }

    @Override
    public String toString() {
        return isEmpty() ? "" : MASK;
    }
}
