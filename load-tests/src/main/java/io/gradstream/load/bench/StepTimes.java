package io.gradstream.load.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/** The median step times of one network in nanoseconds, by contestant. */
record StepTimes(Network network, SequencedMap<String, Double> nanos) {
    StepTimes {
        nanos = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(nanos));
    }

    double micros(String contestant) {
        Double time = nanos.get(contestant);
        if (time == null) {
            throw new IllegalArgumentException("did not run: contestant=" + contestant + " ran=" + nanos.keySet());
        }
        return time / 1000;
    }

    double rowsPerSecond(String contestant) {
        return network.batch() * 1e6 / micros(contestant);
    }

    /** libtorch's best time over the contestant's: above 1 the contestant is faster. Empty where libtorch did not run. */
    OptionalDouble ratio(String contestant) {
        OptionalDouble best = nanos.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("libtorch"))
                .mapToDouble(Map.Entry::getValue)
                .min();
        return best.isPresent() ? OptionalDouble.of(best.getAsDouble() / 1000 / micros(contestant)) : best;
    }
}
