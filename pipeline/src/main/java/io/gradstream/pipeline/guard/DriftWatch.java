package io.gradstream.pipeline.guard;

import io.gradstream.config.DriftSettings;
import io.gradstream.pipeline.guard.DriftDetector.Drift;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The drift detectors that are asked for, and what they have found. */
final class DriftWatch {
    private final List<DriftDetector> detectors = new ArrayList<>();
    private final Optional<DriftSettings.Boost> boost;
    private double last = Double.NEGATIVE_INFINITY;

    DriftWatch(Optional<DriftSettings> settings) {
        settings.flatMap(DriftSettings::adwin).ifPresent(adwin -> detectors.add(new Adwin(adwin)));
        settings.flatMap(DriftSettings::pageHinkley).ifPresent(test -> detectors.add(new PageHinkley(test)));
        boost = settings.flatMap(DriftSettings::learningRate);
    }

    /** A drift with the name of who found it. */
    record Found(String detector, Drift drift) {}

    /** Takes the mean loss of a micro-batch of a step into account. */
    List<Found> add(double loss, long step) {
        List<Found> found = new ArrayList<>();
        for (DriftDetector detector : detectors) {
            detector.add(loss).ifPresent(drift -> found.add(new Found(detector.name(), drift)));
        }
        if (!found.isEmpty()) {
            last = step;
        }
        return found;
    }

    /** What the learning rate of a step is multiplied by. */
    double rate(long step) {
        return boost.isPresent() && step - last <= boost.get().steps()
                ? boost.get().factor()
                : 1;
    }

    /** How many steps there were since the last drift. */
    double since(long step) {
        return step - last;
    }

    Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put("drift", new double[] {last});
        detectors.forEach(detector -> state.put(detector.name(), detector.state()));
        return state;
    }

    /** Detectors of which nothing is known begin anew. */
    void restore(Map<String, double[]> state) {
        last = state.getOrDefault("drift", new double[] {last})[0];
        for (DriftDetector detector : detectors) {
            if (state.containsKey(detector.name())) {
                detector.restore(state.get(detector.name()));
            }
        }
    }
}
