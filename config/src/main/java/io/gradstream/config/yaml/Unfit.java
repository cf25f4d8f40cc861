package io.gradstream.config.yaml;

import java.util.Optional;

/** A text that breaks a rule. */
final class Unfit extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<String> nearest;

    Unfit(String rule, Optional<String> nearest) {
        super(rule);
        this.nearest = nearest;
    }

    Unfit(String rule) {
        this(rule, Optional.empty());
    }

    /** The valid text that looks most like it. */
    Optional<String> nearest() {
        return nearest;
    }
}
