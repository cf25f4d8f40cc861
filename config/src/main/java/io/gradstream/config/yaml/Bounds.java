package io.gradstream.config.yaml;

import java.lang.reflect.AnnotatedType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The numbers that a key may take. */
record Bounds(double min, double max, double above, double below) {
    static Bounds of(AnnotatedType type) {
        Range range = type.getAnnotation(Range.class);
        return range == null
                ? new Bounds(
                        Double.NEGATIVE_INFINITY,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.POSITIVE_INFINITY)
                : new Bounds(range.min(), range.max(), range.above(), range.below());
    }

    Bounds within(double least, double most) {
        double narrowMin = Math.max(min, least);
        double narrowMax = Math.min(max, most);
        return new Bounds(narrowMin, narrowMax, above, below);
    }

    boolean contain(double number) {
        return number >= min
                && number <= max
                && (number > above || Double.isInfinite(above))
                && (number < below || Double.isInfinite(below));
    }

    /** The bounds in words, to follow a noun; empty when there are none. */
    String words() {
        if (Double.isFinite(min) && Double.isFinite(max)) {
            return " from " + plain(min).toPlainString() + " to " + plain(max).toPlainString();
        }
        List<String> words = new ArrayList<>();
        add(words, " of at least ", min);
        add(words, " above ", above);
        add(words, " of at most ", max);
        add(words, " below ", below);
        return String.join(" and", words);
    }

    void describe(Map<String, Object> schema) {
        put(schema, "minimum", min);
        put(schema, "exclusiveMinimum", above);
        put(schema, "maximum", max);
        put(schema, "exclusiveMaximum", below);
    }

    private static void add(List<String> words, String word, double bound) {
        if (!Double.isInfinite(bound)) {
            words.add(word + plain(bound).toPlainString());
        }
    }

    private static void put(Map<String, Object> schema, String key, double bound) {
        if (!Double.isInfinite(bound)) {
            schema.put(key, plain(bound));
        }
    }

    private static BigDecimal plain(double bound) {
        BigDecimal number = BigDecimal.valueOf(bound).stripTrailingZeros();
        return number.scale() < 0 ? number.setScale(0) : number;
    }
}
