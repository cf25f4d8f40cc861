package io.gradstream.gpu.card;

import io.gradstream.autodiff.step.MicroBatch;
import io.gradstream.autodiff.step.Precision;
import io.gradstream.autodiff.step.TrainingStep;
import io.gradstream.gpu.CudaDetection;
import io.gradstream.gpu.device.CudaDevice;
import io.gradstream.gpu.device.TestCard;
import java.util.Locale;

/** The program of {@code gpu/on-device}: {@code card}, {@code suites}, {@code training}, {@code memory} or {@code times}. */
public final class OnCard {
    private static final int STEPS = 200;

    private OnCard() {}

    public static void main(String[] arguments) {
        String command = arguments.length == 1 ? arguments[0] : "";
        boolean good = switch (command) {
            case "card" -> card();
            case "suites" -> CardSuites.print();
            case "training" -> CardTraining.print(CardNetwork.named("mlp-64-128-128-1"), STEPS);
            case "memory" -> memory();
            case "times" -> {
                CardTimes.print();
                yield true;
            }
            default -> {
                System.err.println("a command must be card, suites, training, memory or times: command=" + command);
                yield false;
            }
        };
        if (!good) {
            System.exit(1);
        }
    }

    private static boolean card() {
        System.out.println(CudaDetection.detect());
        return true;
    }

    /** Builds and closes steps, and looks whether the card has as much memory as before. */
    private static boolean memory() {
        boolean good = true;
        for (CardNetwork network : CardNetwork.table()) {
            try (CudaDevice device = TestCard.open()) {
                long before = free(device);
                long used = 0;
                for (int i = 0; i < 3; i++) {
                    try (TrainingStep step = new TrainingStep(network.step(Precision.BF16), device);
                            MicroBatch rows = network.rows(1)) {
                        step.accumulate(rows);
                        step.step(1e-3);
                        used = before - free(device);
                    }
                }
                long kept = before - free(device);
                System.out.printf(
                        Locale.ROOT,
                        "%s bf16 uses %.1f MiB, keeps %.1f MiB after it is closed%n",
                        network.name(),
                        used / 0x1p20,
                        kept / 0x1p20);
                good &= kept <= used / 2;
            }
        }
        return good;
    }

    private static long free(CudaDevice device) {
        return device.memory().orElseThrow().free();
    }
}
