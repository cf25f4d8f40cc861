package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.device.Program;
import java.util.Arrays;

/** The shortest time of every call of a program over the runs that were watched: what disturbs a run makes it longer, nothing shorter. */
final class Stopwatch {
    private final long[] latest;
    private final long[] shortest;

    Stopwatch(int calls) {
        latest = new long[calls];
        shortest = new long[calls];
        Arrays.fill(shortest, Long.MAX_VALUE);
    }

    void run(Program program) {
        program.run(latest);
        for (int i = 0; i < latest.length; i++) {
            shortest[i] = Math.min(shortest[i], latest[i]);
        }
    }

    long nanos(int call) {
        if (shortest[call] == Long.MAX_VALUE) {
            throw new IllegalStateException("a profile needs a run of its plan: calls=" + shortest.length);
        }
        return shortest[call];
    }
}
