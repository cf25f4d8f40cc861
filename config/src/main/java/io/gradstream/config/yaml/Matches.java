package io.gradstream.config.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The texts a value may take. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface Matches {
    /** A regular expression for the whole text, in the dialect that Java and JSON Schema share. */
    String pattern();

    /** The same in words, to follow "must be". */
    String words();
}
