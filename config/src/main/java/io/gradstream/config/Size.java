package io.gradstream.config;

import io.gradstream.config.yaml.Written;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, written with a binary unit. */
@Written(pattern = Size.PATTERN, words = "a size such as 512KiB, 8MiB or 1GiB")
public record Size(long bytes) {
    static final String PATTERN = "[0-9]{1,9} ?(B|KiB|MiB|GiB)";

    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9}) ?(B|KiB|MiB|GiB)");

    public Size {
        if (bytes < 1) {
            throw new IllegalArgumentException("must be at least 1B");
        }
    }

    public static Size parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be a size such as 512KiB, 8MiB or 1GiB");
        }
        return new Size(Long.parseLong(matcher.group(1)) << shift(matcher.group(2)));
    }

    @Override
    public String toString() {
        for (String unit : new String[] {"GiB", "MiB", "KiB"}) {
            if (bytes % (1L << shift(unit)) == 0) {
                return (bytes >> shift(unit)) + unit;
            }
        }
        return bytes + "B";
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "B" -> 0;
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> throw new IllegalArgumentException("unit must be B, KiB, MiB or GiB: unit=" + unit);
        };
    }
}
