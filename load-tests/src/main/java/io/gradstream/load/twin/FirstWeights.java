package io.gradstream.load.twin;

import io.gradstream.autodiff.nn.Model;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.ParameterSpec;
import io.gradstream.autodiff.nn.ParameterSpec.Kind;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SplittableRandom;

/** Seeded first weights of a model of ours, uniform within 1/√inputs, under our names, which the other engine uses too. */
public final class FirstWeights {
    private FirstWeights() {}

    public static SequencedMap<String, float[]> of(ModelSpec model, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SequencedMap<String, float[]> weights = new LinkedHashMap<>();
        for (ParameterSpec parameter : new Model(model).parameters()) {
            if (parameter.kind() == Kind.STATE) {
                continue;
            }
            double bound = 1 / Math.sqrt(parameter.shape().dim(-1));
            float[] values = new float[Math.toIntExact(parameter.shape().size())];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-bound, bound);
            }
            weights.put(parameter.name(), values);
        }
        return weights;
    }
}
