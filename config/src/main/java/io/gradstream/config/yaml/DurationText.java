package io.gradstream.config.yaml;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The spelling of durations: a whole number and a unit, such as {@code 250ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 7d}. */
public final class DurationText {
    public static final String PATTERN = "[0-9]+ ?(ms|s|m|h|d)";
    public static final String WORDS = "a duration such as 250ms, 10s, 5m, 2h or 7d";

    private static final Pattern SHAPE = Pattern.compile("([0-9]+) ?(ms|s|m|h|d)");

    private DurationText() {}

    public static Duration parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be " + WORDS);
        }
        try {
            return Duration.ofMillis(
                    Math.multiplyExact(Long.parseLong(matcher.group(1)), unitMillis(matcher.group(2))));
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("must be a duration below 292 million years", e);
        }
    }

    /** The shortest spelling of a duration, which must be whole milliseconds. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        for (String unit : new String[] {"d", "h", "m", "s"}) {
            if (millis != 0 && millis % unitMillis(unit) == 0) {
                return millis / unitMillis(unit) + unit;
            }
        }
        return millis + "ms";
    }

    private static long unitMillis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> throw new IllegalArgumentException("unit must be ms, s, m, h or d: unit=" + unit);
        };
    }
}
