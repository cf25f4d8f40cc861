package io.gradstream.load.twin;

import io.gradstream.autodiff.nn.ModelSpec;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SplittableRandom;

/** Seeded first weights, uniform within 1/√inputs, under the names both engines use. */
public final class FirstWeights {
    private FirstWeights() {}

    public static SequencedMap<String, float[]> of(ModelSpec model, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SequencedMap<String, float[]> weights = new LinkedHashMap<>();
        PeerTwin.model(model).parameters().forEach((name, shape) -> {
            double bound = 1 / Math.sqrt((double) shape[shape.length - 1]);
            long size = 1;
            for (long dimension : shape) {
                size *= dimension;
            }
            float[] values = new float[Math.toIntExact(size)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-bound, bound);
            }
            weights.put(name, values);
        });
        return weights;
    }
}
