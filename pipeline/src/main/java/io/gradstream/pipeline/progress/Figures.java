package io.gradstream.pipeline.progress;

/** Takes metrics by name. */
@FunctionalInterface
interface Figures {
    void put(String name, double figure);
}
