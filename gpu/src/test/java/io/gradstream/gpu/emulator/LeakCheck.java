package io.gradstream.gpu.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;

/** What is open on the emulated cards at one moment, to be compared with what is open later. */
public final class LeakCheck {
    private final Emulator emulator;
    private final Map<Counter, Long> before;

    private LeakCheck(Emulator emulator) {
        this.emulator = emulator;
        before = open();
    }

    public static LeakCheck begin() {
        return new LeakCheck(Emulator.load());
    }

    /** Everything that was opened since has been closed. */
    public void end() {
        assertThat(open()).as("what is open on the emulated cards").isEqualTo(before);
    }

    private Map<Counter, Long> open() {
        Map<Counter, Long> open = new TreeMap<>();
        for (Counter counter : Counter.values()) {
            if (counter.name().startsWith("LIVE")) {
                open.put(counter, emulator.count(counter));
            }
        }
        return open;
    }
}
