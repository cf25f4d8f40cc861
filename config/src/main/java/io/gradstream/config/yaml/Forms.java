package io.gradstream.config.yaml;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds the form of a Java type. */
final class Forms {
    private Forms() {}

    static Form of(AnnotatedType type) {
        Class<?> raw = raw(type.getType());
        if (raw == List.class) {
            return new ListForm(of(argument(type)), type.isAnnotationPresent(NotEmpty.class));
        }
        if (raw == Map.class) {
            return new TextMapForm();
        }
        if (raw == String.class) {
            return Scalars.text(type.getAnnotation(Matches.class));
        }
        if (raw == Path.class) {
            return Scalars.path();
        }
        if (raw == Duration.class) {
            return Scalars.duration();
        }
        if (raw == boolean.class) {
            return Scalars.bool();
        }
        if (raw == double.class || raw == Double.class) {
            return Scalars.real(Bounds.of(type));
        }
        if (raw == int.class || raw == Integer.class) {
            return Scalars.integer(Bounds.of(type).within(Integer.MIN_VALUE, Integer.MAX_VALUE), Math::toIntExact);
        }
        if (raw == long.class || raw == Long.class) {
            return Scalars.integer(Bounds.of(type), number -> number);
        }
        return of(raw);
    }

    static Form of(Class<?> type) {
        if (type.isEnum()) {
            return Scalars.choice(type);
        }
        if (type.isAnnotationPresent(Written.class)) {
            return Scalars.written(type);
        }
        if (type.isAnnotationPresent(Tagged.class)) {
            return new TaggedForm(type);
        }
        if (type.isAnnotationPresent(Either.class)) {
            return new EitherForm(type);
        }
        if (type.isRecord()) {
            return new SectionForm(type.asSubclass(Record.class));
        }
        throw new IllegalArgumentException("keys must have a type with a form: type=" + type.getName());
    }

    static AnnotatedType argument(AnnotatedType type) {
        return ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments()[0];
    }

    /** The name of a variant, or of an enum constant: {@code INVERSE_SQRT} is {@code inverse-sqrt}. */
    static String name(Class<?> variant) {
        Named named = variant.getAnnotation(Named.class);
        return named == null ? variant.getSimpleName().toLowerCase(Locale.ROOT) : named.value();
    }

    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static List<String> later(Class<?> type) {
        Later later = type.getAnnotation(Later.class);
        return later == null ? List.of() : List.of(later.value());
    }

    private static Class<?> raw(Type type) {
        return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    }
}
