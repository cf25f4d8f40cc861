package io.gradstream.autodiff.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.nn.Custom;
import io.gradstream.autodiff.nn.Initializer;
import io.gradstream.autodiff.nn.Linear;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.Model;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.nn.Network;
import io.gradstream.autodiff.nn.ParameterSpec;
import org.junit.jupiter.api.Test;

/** What a user's own model may do in a training step. */
class CustomModelTest {

    @Test
    void callsItsParametersWhatItWants() {
        ModelSpec model = model(
                (inputs, parameters) -> new Linear(1).forward(inputs.numerics().orElseThrow(), parameters));
        assertThat(new Model(model).parameters())
                .extracting(ParameterSpec::name)
                .containsExactly("weight", "bias");
        assertThat(train(model, 4).overflow()).isFalse();

        ModelSpec taken = model((inputs, parameters) ->
                parameters.get("batch/weight", Shape.of(inputs.rows(), 1), new Initializer.Constant(0)));
        assertThatThrownBy(() -> new Model(taken))
                .hasMessageContaining(
                        "names that begin with batch/ belong to the columns of a batch: call the parameter otherwise, name=batch/weight");
    }

    /** ln 0 is infinite, and its slope times the weight 0 of a row that is padding not a number. */
    @Test
    void mayBeInfiniteWhereNoRowIs() {
        ModelSpec logarithmic = model((inputs, parameters) ->
                new Linear(1).forward(inputs.numerics().orElseThrow().log(), parameters.in("out")));

        StepReport report = train(logarithmic, 3);

        assertThat(report.overflow()).isFalse();
        assertThat(report.gradientNorm()).isFinite().isPositive();
    }

    private static ModelSpec model(Network network) {
        return new ModelSpec(Batches.numerics(2), new Custom("test", network), 1);
    }

    /** One step of micro-batches for four rows from so many positive ones. */
    private static StepReport train(ModelSpec model, int rows) {
        StepSpec spec = Batches.spec(model, Loss.MSE, OptimizerSpec.Sgd.plain(), 4, 1);
        try (Device device = Devices.one();
                TrainingStep step = new TrainingStep(spec, device);
                MicroBatch batch = new MicroBatch(model, 4)) {
            Batches.fill(batch, new float[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}}, new float[] {1, 2, 3, 4}, 0, rows);
            step.accumulate(batch);
            return step.step(0.01);
        }
    }
}
