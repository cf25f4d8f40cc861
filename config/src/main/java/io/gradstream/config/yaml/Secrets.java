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

    /** Who may use what an address leads to: {@code https://name:word@host}. */
    private static final Pattern LOGIN = Pattern.compile("(?<=://)[^/@\\s]+(?=@)");

    private Secrets() {}

    /** Whether a value under this key must be masked wherever it is printed. */
    public static boolean isSecret(String key) {
        return NAME.matcher(key).find();
    }

    /** What is printed of a value under a key: a mask if the key is one of a secret, and a mask in place of every login in an address. */
    static String shown(String key, String value) {
        return isSecret(key) ? MASK : LOGIN.matcher(value).replaceAll(MASK);
    }

    /** The same entries, with a mask in place of every secret. */
    public static Map<String, String> masked(Map<String, String> properties) {
        Map<String, String> masked = new LinkedHashMap<>();
        properties.forEach((key, value) -> masked.put(key, shown(key, value)));
        return masked;
    }
}
