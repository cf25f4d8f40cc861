package io.gradstream.config;

import io.gradstream.config.yaml.Fault;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; it names every fault. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    public ConfigurationException(List<Fault> faults) {
        super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }
}
