package io.gradstream.pipeline.features;

import io.gradstream.config.NumericFeature;
import io.gradstream.config.NumericScale;
import io.gradstream.connectors.topic.NamedTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The scalers of all standardized columns: the part of the features that learns. */
final class StandardScalers {
    private static final String PREFIX = "features.standardize.";
    private static final int FIGURES = 3;

    private final Map<String, StandardScaler> byColumn = new LinkedHashMap<>();

    StandardScalers(List<NumericFeature> features) {
        for (NumericFeature feature : features) {
            if (feature.scale() == NumericScale.STANDARDIZE) {
                byColumn.put(feature.column(), new StandardScaler());
            }
        }
    }

    StandardScaler of(String column) {
        StandardScaler scaler = byColumn.get(column);
        if (scaler == null) {
            throw new IllegalArgumentException("column must be standardized: column=" + column);
        }
        return scaler;
    }

    /** One block per column: count, mean and sum of squared differences from the mean. */
    List<NamedTensor> snapshot() {
        List<NamedTensor> blocks = new ArrayList<>(byColumn.size());
        byColumn.forEach((column, scaler) -> blocks.add(
                NamedTensor.of(PREFIX + column, new double[] {scaler.count, scaler.mean, scaler.m2}, FIGURES)));
        return blocks;
    }

    void restore(List<NamedTensor> blocks) {
        Map<String, double[]> figures = new LinkedHashMap<>();
        blocks.forEach(block -> figures.put(block.name(), block.doubles()));
        List<String> expected =
                byColumn.keySet().stream().map(column -> PREFIX + column).toList();
        if (!List.copyOf(figures.keySet()).equals(expected)) {
            throw new IllegalArgumentException(
                    "snapshot must be of the same features: expected=" + expected + " found=" + figures.keySet());
        }
        byColumn.forEach((column, scaler) -> {
            double[] three = figures.get(PREFIX + column);
            if (three == null || three.length != FIGURES) {
                throw new IllegalArgumentException("snapshot must have count, mean and m2: column=" + column);
            }
            scaler.count = three[0];
            scaler.mean = three[1];
            scaler.m2 = three[2];
        });
    }
}
