package io.gradstream.config.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a type that is written as one word or phrase. It has a {@code public static parse(String)} that throws {@link IllegalArgumentException}
 * for a text that it does not understand, and a {@code toString} whose text parses back to an equal value.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Written {
    /** A regular expression for the whole text, in the dialect that Java and JSON Schema share. */
    String pattern();

    /** The same in words, to follow "must be". */
    String words();
}
