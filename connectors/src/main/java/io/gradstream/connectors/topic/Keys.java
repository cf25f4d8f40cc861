package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keys that are text. */
final class Keys {
    private Keys() {}

    static boolean equal(byte @Nullable [] key, String text) {
        return Arrays.equals(key, text.getBytes(UTF_8));
    }
}
