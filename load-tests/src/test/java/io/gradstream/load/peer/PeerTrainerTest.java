package io.gradstream.load.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The peer against figures worked out by hand: what it agrees with afterwards is only as good as this. */
class PeerTrainerTest {
    private static final PeerModel LINE = new PeerLinear(new PeerInputs(List.of(new PeerInput.Dense(1))), 1);
    private static final PeerOptimizer PLAIN = new PeerOptimizer.Sgd(0, 0, false, 0);

    @Test
    void squaredErrorMovesALineByItsWeightedMeanGradient() {
        try (PeerTrainer trainer =
                        new PeerTrainer(LINE, PeerLoss.MSE, PLAIN, OptionalDouble.empty(), PeerPrecision.DOUBLE);
                PeerBatch batch = trainer.batch(new PeerRows(
                        2, new float[] {1, 2}, List.of(), List.of(), new float[] {3, 5}, Optional.of(new float[] {1, 3
                        })))) {
            assertThat(trainer.accumulate(batch, 4)).isEqualTo((9 + 3 * 25) / 4.0);
            trainer.step(0.1);

            // d/dw = Σ w·2·(0 − y)·x / 4 = (−6 − 60) / 4, d/db = (−6 − 30) / 4
            assertThat(trainer.parameterValues("linear.weight")).containsExactly(new double[] {1.65}, within(1e-12));
            assertThat(trainer.parameterValues("linear.bias")).containsExactly(new double[] {0.9}, within(1e-12));
            assertThat(trainer.outputs(batch)).containsExactly(new double[] {2.55, 4.2}, within(1e-12));
        }
    }

    @Test
    void microBatchesOfAStepAddUpToTheWholeBatch() {
        PeerRows whole =
                new PeerRows(3, new float[] {1, -2, 4}, List.of(), List.of(), new float[] {1, 0, 1}, Optional.empty());
        PeerRows first =
                new PeerRows(2, new float[] {1, -2}, List.of(), List.of(), new float[] {1, 0}, Optional.empty());
        PeerRows rest = new PeerRows(1, new float[] {4}, List.of(), List.of(), new float[] {1}, Optional.empty());

        double[] atOnce = weightAfterOneStep(whole);
        double[] inParts = weightAfterOneStep(first, rest);

        assertThat(inParts).containsExactly(atOnce, within(1e-15));
    }

    private static double[] weightAfterOneStep(PeerRows... parts) {
        try (PeerTrainer trainer = new PeerTrainer(
                LINE, PeerLoss.BINARY_CROSS_ENTROPY, PLAIN, OptionalDouble.empty(), PeerPrecision.DOUBLE)) {
            for (PeerRows rows : parts) {
                try (PeerBatch batch = trainer.batch(rows)) {
                    trainer.accumulate(batch, 3);
                }
            }
            trainer.step(1);
            return trainer.parameterValues("linear.weight");
        }
    }

    @Test
    void clippingScalesTheGradientToTheNorm() {
        try (PeerTrainer trainer =
                        new PeerTrainer(LINE, PeerLoss.MSE, PLAIN, OptionalDouble.of(1), PeerPrecision.DOUBLE);
                PeerBatch batch = trainer.batch(new PeerRows(
                        1, new float[] {0.75f}, List.of(), List.of(), new float[] {2}, Optional.empty()))) {
            trainer.accumulate(batch, 1);

            assertThat(trainer.step(1)).isEqualTo(5);
            assertThat(trainer.parameterValues("linear.weight")[0]).isCloseTo(0.6, within(1e-6));
            assertThat(trainer.parameterValues("linear.bias")[0]).isCloseTo(0.8, within(1e-6));
        }
    }

    @Test
    void firstStepOfAdamMovesEveryParameterByTheLearningRate() {
        try (PeerTrainer trainer = new PeerTrainer(
                        LINE,
                        PeerLoss.MSE,
                        new PeerOptimizer.AdamLike(0.9, 0.999, 1e-8, 0, false),
                        OptionalDouble.empty(),
                        PeerPrecision.DOUBLE);
                PeerBatch batch = trainer.batch(new PeerRows(
                        1, new float[] {0.01f}, List.of(), List.of(), new float[] {2}, Optional.empty()))) {
            trainer.accumulate(batch, 1);
            trainer.step(0.25);

            assertThat(trainer.parameterValues("linear.weight")[0]).isCloseTo(0.25, within(1e-6));
        }
    }

    @Test
    void adamKeepsItsTwoMemoriesApart() {
        double beta1 = 0.5;
        double beta2 = 0.75;
        for (boolean decoupled : new boolean[] {false, true}) {
            try (PeerTrainer trainer = new PeerTrainer(
                            LINE,
                            PeerLoss.MSE,
                            new PeerOptimizer.AdamLike(beta1, beta2, 1e-8, 0, decoupled),
                            OptionalDouble.empty(),
                            PeerPrecision.DOUBLE);
                    PeerBatch batch = trainer.batch(new PeerRows(
                            1, new float[] {0}, List.of(), List.of(), new float[] {2}, Optional.empty()))) {
                trainer.accumulate(batch, 1);
                trainer.step(0.25);
                trainer.accumulate(batch, 1);
                trainer.step(0.25);

                double first = -4;
                double second = 2 * (0.25 - 2);
                double m = (beta1 * first + second) * (1 - beta1) / (1 - beta1 * beta1);
                double v = (beta2 * first * first + second * second) * (1 - beta2) / (1 - beta2 * beta2);
                assertThat(trainer.parameterValues("linear.bias")[0])
                        .isCloseTo(0.25 - 0.25 * m / Math.sqrt(v), within(1e-8));
            }
        }
    }

    @Test
    void bagsAddOrAverageTheirRowsAndTablesPickOne() {
        PeerModel model = new PeerLinear(
                new PeerInputs(List.of(
                        new PeerInput.Table("site", 3, 1),
                        new PeerInput.Dense(1),
                        new PeerInput.Bag("tags", 3, 1, true),
                        new PeerInput.Bag("words", 3, 1, false))),
                1);
        PeerRows rows = new PeerRows(
                2,
                new float[] {0.5f, 0.25f},
                List.of(new long[] {2, 0}),
                List.of(
                        new PeerRows.BagIds(new long[] {0, 2}, new long[] {0, 2}),
                        new PeerRows.BagIds(new long[] {1, 1, 2}, new long[] {0, 1})),
                new float[] {0, 0},
                Optional.empty());
        try (PeerTrainer trainer =
                        new PeerTrainer(model, PeerLoss.MSE, PLAIN, OptionalDouble.empty(), PeerPrecision.FLOAT);
                PeerBatch batch = trainer.batch(rows)) {
            trainer.setParameter("embedding.site.weight", new float[] {1, 2, 4});
            trainer.setParameter("embedding.tags.weight", new float[] {8, 16, 24});
            trainer.setParameter("embedding.words.weight", new float[] {32, 64, 128});
            trainer.setParameter("linear.weight", new float[] {1, 1, 1, 1});

            assertThat(trainer.outputs(batch)).containsExactly(4 + 0.5 + 16 + 64, 1 + 0.25 + 0 + 192);
        }
    }

    @Test
    void bfloat16RoundsMatrixProductsOnly() {
        try (PeerTrainer trainer = new PeerTrainer(
                        LINE, PeerLoss.MSE, PLAIN, OptionalDouble.empty(), PeerPrecision.BFLOAT16_AUTOCAST);
                PeerBatch batch = trainer.batch(new PeerRows(
                        1, new float[] {1 + 1 / 256f}, List.of(), List.of(), new float[] {0}, Optional.empty()))) {
            trainer.setParameter("linear.weight", new float[] {3});

            // 1 + 1/256 is not a bfloat16 and rounds to 1.
            assertThat(trainer.accumulate(batch, 1)).isEqualTo(9);
            assertThat(trainer.parameterValues("linear.weight")).containsExactly(3);
        }
    }

    @Test
    void namesAnUnknownParameter() {
        try (PeerTrainer trainer =
                new PeerTrainer(LINE, PeerLoss.MSE, PLAIN, OptionalDouble.empty(), PeerPrecision.FLOAT)) {
            assertThatThrownBy(() -> trainer.parameterValues("mlp.0.weight"))
                    .hasMessage("no such parameter: name=mlp.0.weight parameters=[linear.weight, linear.bias]");
        }
    }
}
