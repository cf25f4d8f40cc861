package io.gradstream.autodiff.step;

import io.gradstream.autodiff.device.Reading;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Host memory that a reading fills, as often as wanted. */
final class HostCopy {
    private final List<MemorySegment> parts;
    private @Nullable Reading reading;
    private long number;

    HostCopy(MemorySegment... parts) {
        this.parts = List.of(parts);
    }

    /** Asks for what is there when everything asked for before is done. */
    void begin(Reading from) {
        number = from.begin(parts);
        reading = from;
    }

    /** Waits for what was asked for. */
    void await() {
        Reading under = reading;
        if (under != null) {
            under.await(number);
            reading = null;
        }
    }
}
