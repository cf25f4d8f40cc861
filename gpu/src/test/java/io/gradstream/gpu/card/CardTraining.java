package io.gradstream.gpu.card;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.ParameterView;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.autodiff.step.StepReport;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.gpu.device.CudaDevice;
import io.gradstream.gpu.device.TestCard;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** A training run on a card: whether it learns in every precision, and whether it comes to the same bits twice. */
final class CardTraining {
    private static final int BATCHES = 8;

    private CardTraining() {}

    /** What a run came to. */
    record Outcome(double firstLoss, double lastLoss, long skipped, String hash) {}

    /** Trains twice in each precision and prints what came out; false where nothing was learned or the bits differ. */
    static boolean print(CardNetwork network, int steps) {
        boolean good = true;
        for (Precision precision : Precision.values()) {
            Outcome once = train(network, precision, steps);
            Outcome again = train(network, precision, steps);
            boolean learned = once.lastLoss() < 0.5 * once.firstLoss();
            boolean same = once.hash().equals(again.hash());
            System.out.printf(
                    Locale.ROOT,
                    "%s %s steps=%d loss=%.4f→%.4f skipped=%d sha256=%s %s %s%n",
                    network.name(),
                    precision,
                    steps,
                    once.firstLoss(),
                    once.lastLoss(),
                    once.skipped(),
                    once.hash().substring(0, 16),
                    learned ? "learned" : "LEARNED NOTHING",
                    same ? "the same bits twice" : "OTHER BITS");
            good &= learned && same;
        }
        return good;
    }

    private static Outcome train(CardNetwork network, Precision precision, int steps) {
        try (CudaDevice device = TestCard.open();
                TrainingStep step = new TrainingStep(network.step(precision), device)) {
            double first = 0;
            StepReport report = null;
            for (int i = 0; i < steps; i++) {
                try (MicroBatch rows = network.rows(i % BATCHES)) {
                    step.accumulate(rows);
                    report = step.step(1e-3);
                    first = i == 0 ? report.loss() : first;
                }
            }
            if (report == null) {
                throw new IllegalArgumentException("there must be a step: steps=" + steps);
            }
            return new Outcome(first, report.loss(), report.skippedSteps(), hash(step));
        }
    }

    private static String hash(TrainingStep step) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (ParameterView parameter : step.parameters()) {
                digest.update(parameter.name().getBytes(UTF_8));
                float[] values = parameter.values();
                ByteBuffer bytes =
                        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every JDK has SHA-256", e);
        }
    }
}
