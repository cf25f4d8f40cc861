package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Activation;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.LowRank;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.step.Visits.Visit;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that was trained, and then only its adapters. */
class AdaptersTest {
    private static final int ROWS = 32;
    private static final List<Visit> VISITS = Visits.of(ROWS, 0, 1, 2, 3);
    private static final ModelSpec MODEL = Visits.model(4, 7, new Architecture.Mlp(List.of(8), Activation.TANH));

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void learnBesideABaseThatKeepsEveryBit(boolean decomposed) {
        try (Device device = Devices.one();
                TrainingStep base = step(MODEL, device);
                TrainingStep adapted = step(MODEL.with(new LowRank(2, 4, decomposed)), device)) {
            train(base, 20);
            Map<String, float[]> trained = values(base);
            trained.forEach((name, values) -> adapted.setParameter(name, MemorySegment.ofArray(values)));

            assertThat(adapted.findings()).isEmpty();
            double[] before = predictions(base);
            assertThat(predictions(adapted)).containsExactly(before, within(1e-6));
            double first = train(adapted, 1);
            double last = train(adapted, 200);

            assertThat(last).isLessThan(0.9 * first);
            Map<String, float[]> after = values(adapted);
            trained.forEach(
                    (name, values) -> assertThat(after.get(name)).as(name).isEqualTo(values));
            assertThat(after.get("mlp.0.lora.b")).doesNotContain(0);
        }
    }

    private static TrainingStep step(ModelSpec model, Device device) {
        return new TrainingStep(
                StepSpec.of(model, Loss.BINARY_CROSS_ENTROPY, OptimizerSpec.Adam.decoupled(0.1))
                        .clip(new Clip.Norm(1))
                        .microBatch(ROWS)
                        .seed(7)
                        .build(),
                device);
    }

    private static double train(TrainingStep step, int steps) {
        double loss = Double.NaN;
        for (int i = 0; i < steps; i++) {
            loss = Visits.train(step, VISITS, 0.02).loss();
        }
        return loss;
    }

    private static double[] predictions(TrainingStep step) {
        Visits.accumulate(step, VISITS, ROWS);
        float[] predictions = Batches.floats(step.predictions(), ROWS);
        step.step(0);
        double[] wide = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            wide[i] = predictions[i];
        }
        return wide;
    }

    private static Map<String, float[]> values(TrainingStep step) {
        Map<String, float[]> values = new LinkedHashMap<>();
        step.parameters().forEach(parameter -> values.put(parameter.name(), parameter.values()));
        return values;
    }
}
