package io.gradstream.connectors.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key of one record of a weights topic: {@code <tensor>}, or {@code <tensor>[<from>:<to>]} for some of a tensor's rows.
 *
 * @param from the first row, or -1 for the whole tensor
 * @param to the row behind the last one, or -1 for the whole tensor
 */
public record SliceKey(String tensor, int from, int to) {
    private static final int WHOLE = -1;
    private static final Pattern ROWS = Pattern.compile("(.+)\\[(\\d{1,10}):(\\d{1,10})]", Pattern.DOTALL);

    public SliceKey {
        if (tensor.isEmpty() || tensor.equals(Manifest.KEY) || tensor.endsWith("]")) {
            throw new IllegalArgumentException(
                    "a tensor's name must tell it from a manifest and from a slice: name=" + tensor);
        }
        if ((from != WHOLE || to != WHOLE) && (from < 0 || to <= from)) {
            throw new IllegalArgumentException(
                    "a slice must have rows: tensor=" + tensor + " from=" + from + " to=" + to);
        }
    }

    public static SliceKey whole(String tensor) {
        return new SliceKey(tensor, WHOLE, WHOLE);
    }

    public static SliceKey parse(String key) {
        Matcher rows = ROWS.matcher(key);
        if (!rows.matches()) {
            return whole(key);
        }
        return new SliceKey(rows.group(1), Integer.parseInt(rows.group(2)), Integer.parseInt(rows.group(3)));
    }

    public boolean isWhole() {
        return from == WHOLE;
    }

    public byte[] bytes() {
        return toString().getBytes(UTF_8);
    }

    @Override
    public String toString() {
        return isWhole() ? tensor : tensor + "[" + from + ":" + to + "]";
    }
}
