package io.gradstream.gpu.card;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.gpu.device.CudaDevice;
import io.gradstream.gpu.device.TestCard;
import java.util.Arrays;
import java.util.Locale;

/** The time of a training step of a network: the median of some rounds, each of so many steps that its clock does not matter. */
final class CardTimes {
    private static final int ROUNDS = 9;
    private static final long NANOS_PER_ROUND = 300_000_000;
    private static final int REPORTS_AHEAD = 8;
    private static final double LEARNING_RATE = 1e-3;

    private CardTimes() {}

    /** How a network is computed: a precision, or FP32 with products in TF32. */
    enum Mode {
        FP32(Precision.FP32, false),
        TF32(Precision.FP32, true),
        FP16(Precision.FP16, false),
        BF16(Precision.BF16, false);

        private final Precision precision;
        private final boolean tensorFloats;

        Mode(Precision precision, boolean tensorFloats) {
            this.precision = precision;
            this.tensorFloats = tensorFloats;
        }
    }

    /** Prints a line for every network in every mode, as {@code peers.py} does. */
    static void print() {
        for (CardNetwork network : CardNetwork.table()) {
            for (Mode mode : Mode.values()) {
                System.out.printf(
                        Locale.ROOT,
                        "gradstream %s %s %.1f%n",
                        network.name(),
                        mode.name().toLowerCase(Locale.ROOT),
                        micros(network, mode));
            }
        }
    }

    private static double micros(CardNetwork network, Mode mode) {
        try (CudaDevice device = TestCard.open(mode.tensorFloats);
                TrainingStep step = new TrainingStep(network.step(mode.precision), device);
                MicroBatch rows = network.rows(1)) {
            long once = run(step, rows, 3) / 3;
            int steps = Math.clamp(NANOS_PER_ROUND / Math.max(1, once), 1, 100_000);
            run(step, rows, steps);
            double[] rounds = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                rounds[i] = run(step, rows, steps) / 1e3 / steps;
            }
            Arrays.sort(rounds);
            return rounds[ROUNDS / 2];
        }
    }

    /** Takes steps as far ahead of their reports as may be, as a loop does that looks at its loss now and then. */
    private static long run(TrainingStep step, MicroBatch rows, int steps) {
        long start = System.nanoTime();
        for (int i = 0; i < steps; i++) {
            if (step.reportsDue() == REPORTS_AHEAD) {
                reportAll(step);
            }
            step.take(rows, LEARNING_RATE);
        }
        reportAll(step);
        return System.nanoTime() - start;
    }

    private static void reportAll(TrainingStep step) {
        while (step.reportsDue() > 0) {
            step.report();
        }
    }
}
