package io.gradstream.autodiff.device.cpu;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.List;

/** A program that says what the processor's device found in its JVM, twice, and how far its products are from the reference's. */
final class OneDnnProbe {
    private OneDnnProbe() {}

    public static void main(String[] arguments) {
        for (int i = 0; i < 2; i++) {
            try (CpuDevice device = CpuDevice.open()) {
                System.out.println("products=" + device.facts().matrixProducts());
                System.out.println("reason=" + device.facts().whyNoOneDnn());
            }
        }
        double[] truth = gradient(new ReferenceDevice());
        double[] actual = gradient(CpuDevice.open());
        double difference = 0;
        for (int i = 0; i < truth.length; i++) {
            difference = Math.max(difference, Math.abs(actual[i] - truth[i]));
        }
        System.out.println("close=" + (difference < 1e-4));
    }

    private static double[] gradient(Device device) {
        try (device;
                Tape tape = Tape.eager(device)) {
            Tensor x = tape.input("x", Literal.wave(37, 19));
            Tensor weight = tape.parameter("weight", Literal.ripple(23, 19));
            Tensor bias = tape.parameter("bias", Literal.ripple(23));
            Tensor loss = x.linear(weight, bias).tanh().square().mean();
            return Gradient.of(tape, loss, List.of(weight)).getFirst().values();
        }
    }
}
