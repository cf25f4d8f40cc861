package io.gradstream.pipeline.operation;

import java.util.Locale;

/** What a trainer is doing as a whole. Rows are learned from in one of them only. */
public enum Phase {
    CONNECTING("the broker is being reached and the topics are made sure of"),
    STANDBY("another instance of this name trains"),
    RECOVERING("steps that are known to the journal are taken again"),
    TRAINING("steps are taken as rows come"),
    STOPPING("the last version is being published"),
    ENDED("the last version is published"),
    FAILED("a failure ended training");

    private final String meaning;

    Phase(String meaning) {
        this.meaning = meaning;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What that means, for a person. */
    public String meaning() {
        return meaning;
    }
}
