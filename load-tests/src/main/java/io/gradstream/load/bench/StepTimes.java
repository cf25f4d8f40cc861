package io.gradstream.load.bench;

import io.gradstream.autodiff.step.Precision;
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

    /** The ratio that the network's goal speaks of, for our contestant in a precision. */
    OptionalDouble goalRatio(Precision precision) {
        String ours = OurContestant.name(precision);
        String theirs = PeerContestant.name(Precision.FP32);
        if (precision == Precision.FP32 && network.goal().againstSingle() && nanos.containsKey(theirs)) {
            return OptionalDouble.of(micros(theirs) / micros(ours));
        }
        return ratio(ours);
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
