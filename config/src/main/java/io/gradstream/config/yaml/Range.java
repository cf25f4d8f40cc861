package io.gradstream.config.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The numbers a value may take: a bound that is not set does not bound. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface Range {
    /** The least value allowed. */
    double min() default Double.NEGATIVE_INFINITY;

    /** The greatest value allowed. */
    double max() default Double.POSITIVE_INFINITY;

    /** A bound that the value must exceed. */
    double above() default Double.NEGATIVE_INFINITY;

    /** A bound that the value must stay under. */
    double below() default Double.POSITIVE_INFINITY;
}
