package io.gradstream.config;

/** How a numeric column is brought to a range that training likes. */
public enum NumericScale {
    /** As it is. */
    NONE,
    /** Minus the running mean, over the running standard deviation. */
    STANDARDIZE,
    /** sign(x) · log(1 + |x|). */
    LOG1P
}
