package io.gradstream.config.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Tells by its name whether a key holds something that must not be printed. */
public final class Secrets {
    /** What is printed in place of every secret. */
    public static final String MASK = "******";

    private static final Pattern NAME = Pattern.compile(
            "passw|passphrase|secret|token|credential|jaas|private.?key|api.?key|\\.key$", Pattern.CASE_INSENSITIVE);

    private Secrets() {}

    /** Whether a value under this key must be masked wherever it is printed. */
    public static boolean isSecret(String key) {
        return NAME.matcher(key).find();
    }

    /** The same entries, with a mask in place of every secret. */
    public static Map<String, String> masked(Map<String, String> properties) {
        Map<String, String> masked = new LinkedHashMap<>();
        properties.forEach((key, value) -> masked.put(key, isSecret(key) ? MASK : value));
        return masked;
    }
}
