package io.gradstream.config.yaml;

import java.lang.reflect.Method;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The forms of single values. */
final class Scalars {
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern REAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    private Scalars() {}

    static ScalarForm text(@Nullable Matches matches) {
        if (matches == null) {
            return new ScalarForm(text -> text, text -> text, Schema.of("type", "string"));
        }
        Pattern pattern = Pattern.compile(matches.pattern());
        return new ScalarForm(
                text -> {
                    if (!pattern.matcher(text).matches()) {
                        throw new Unfit("must be " + matches.words());
                    }
                    return text;
                },
                text -> text,
                orInterpolated(pattern(matches.pattern())));
    }

    static ScalarForm path() {
        return new ScalarForm(
                text -> {
                    try {
                        return text.isEmpty() ? refuse("must be a path that is not empty") : Path.of(text);
                    } catch (InvalidPathException e) {
                        throw new Unfit("must be a path");
                    }
                },
                Object::toString,
                Schema.of("type", "string", "minLength", 1));
    }

    static ScalarForm duration() {
        return new ScalarForm(
                text -> {
                    Duration duration = DurationText.parse(text);
                    return duration.isZero() ? refuse("must be a duration of at least 1ms") : duration;
                },
                duration -> DurationText.format((Duration) duration),
                orInterpolated(pattern(DurationText.PATTERN)));
    }

    static ScalarForm bool() {
        return new ScalarForm(
                text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw new Unfit("must be true or false", Spelling.nearest(text, List.of("true", "false")));
                },
                value -> value,
                orInterpolated(Schema.of("type", "boolean")));
    }

    static ScalarForm real(Bounds bounds) {
        String rule = "must be a number" + bounds.words();
        Map<String, Object> schema = Schema.of("type", "number");
        bounds.describe(schema);
        return new ScalarForm(
                text -> {
                    double number = REAL.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
                    return Double.isFinite(number) && bounds.contain(number) ? number : refuse(rule);
                },
                value -> value,
                orInterpolated(schema));
    }

    static ScalarForm integer(Bounds bounds, LongFunction<Object> convert) {
        String rule = "must be a whole number" + bounds.words();
        Map<String, Object> schema = Schema.of("type", "integer");
        bounds.describe(schema);
        return new ScalarForm(
                text -> {
                    if (!INTEGER.matcher(text).matches()) {
                        throw new Unfit(rule);
                    }
                    try {
                        long number = Long.parseLong(text);
                        return bounds.contain((double) number) ? convert.apply(number) : refuse(rule);
                    } catch (NumberFormatException e) {
                        throw new Unfit(rule + " and below 2^63");
                    }
                },
                value -> value,
                orInterpolated(schema));
    }

    static ScalarForm choice(Class<?> type) {
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            constants.put(Forms.name((Enum<?>) constant), constant);
        }
        Choice choice = new Choice(List.copyOf(constants.keySet()), Forms.later(type));
        return new ScalarForm(
                text -> {
                    Object constant = constants.get(text);
                    if (constant == null) {
                        throw choice.unfit(text);
                    }
                    return constant;
                },
                constant -> Forms.name((Enum<?>) constant),
                orInterpolated(Schema.of("enum", choice.names())));
    }

    static ScalarForm written(Class<?> type) {
        Written written = type.getAnnotation(Written.class);
        if (written == null) {
            throw new IllegalArgumentException("type must be written: type=" + type.getName());
        }
        Method parser = Reflection.parser(type);
        Pattern pattern = Pattern.compile(written.pattern());
        return new ScalarForm(
                text -> pattern.matcher(text).matches()
                        ? Reflection.parse(parser, text)
                        : refuse("must be " + written.words()),
                Object::toString,
                orInterpolated(pattern(written.pattern())));
    }

    private static Object refuse(String rule) {
        throw new Unfit(rule, Optional.empty());
    }

    private static Map<String, Object> pattern(String regex) {
        return Schema.of("type", "string", "pattern", "^(?:" + regex + ")$");
    }

    /** The schema of values that may also be written with {@code ${ENV:default}}. */
    private static Map<String, Object> orInterpolated(Map<String, Object> schema) {
        return Schema.of("anyOf", List.of(schema, Schema.of("$ref", "#/$defs/interpolated")));
    }
}
