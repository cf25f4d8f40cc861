package io.gradstream.load.bench;

import io.gradstream.autodiff.step.Precision;
import java.util.Collections;
import java.util.LinkedHashMap;
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
        if (!nanos.containsKey(ours)) {
            return OptionalDouble.empty();
        }
        return precision == Precision.FP32 && network.goal().againstSingle()
                ? over(best(PeerContestant.name(Precision.FP32)), ours)
                : ratio(ours);
    }

    /** libtorch's best time over the contestant's: above 1 the contestant is faster. Empty where libtorch did not run. */
    OptionalDouble ratio(String contestant) {
        return over(best("libtorch"), contestant);
    }

    /** The shortest time in microseconds of the contestants whose names begin so. */
    OptionalDouble best(String prefix) {
        return nanos.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToDouble(entry -> entry.getValue() / 1000)
                .min();
    }

    private OptionalDouble over(OptionalDouble best, String contestant) {
        return best.isPresent() ? OptionalDouble.of(best.getAsDouble() / micros(contestant)) : best;
    }
}
