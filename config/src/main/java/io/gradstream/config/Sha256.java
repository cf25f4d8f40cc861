package io.gradstream.config;

import io.gradstream.config.yaml.Written;
import java.util.Locale;

/** The hash of a file. */
@Written(pattern = "[0-9a-fA-F]{64}", words = "64 hexadecimal digits")
public record Sha256(String digits) {
    public Sha256 {
        digits = digits.toLowerCase(Locale.ROOT);
    }

    public static Sha256 parse(String text) {
        if (!text.matches("[0-9a-fA-F]{64}")) {
            throw new IllegalArgumentException("must be 64 hexadecimal digits");
        }
        return new Sha256(text);
    }

    @Override
    public String toString() {
        return digits;
    }
}
