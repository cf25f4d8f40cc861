package io.gradstream.config.yaml;

import java.util.List;
import java.util.Optional;

/**
 * What came of reading a document.
 *
 * @param value the document as a record; empty if there was a fault
 */
public record Bound<T extends Record>(Optional<T> value, List<Fault> faults) {
    public Bound {
        faults = List.copyOf(faults);
    }
}
