package io.gradstream.pipeline;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;

/** The meters that come into a registry from now on, and leave it when this is closed: what they measure is no more. */
final class OwnMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final Set<Meter> others;

    OwnMeters(MeterRegistry registry) {
        this.registry = registry;
        this.others = Set.copyOf(registry.getMeters());
    }

    @Override
    public void close() {
        registry.getMeters().stream().filter(meter -> !others.contains(meter)).forEach(registry::remove);
    }
}
