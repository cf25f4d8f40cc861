package io.gradstream.config.yaml;

/** Takes the faults that rules find between keys. */
public interface Findings {
    /**
     * Reports that a rule does not hold.
     *
     * @param path the key that should change
     * @param rule what must hold
     * @param value what the key says now
     */
    void wrong(String path, String rule, Object value);
}
