package io.gradstream.autodiff.examples;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.cpu.CpuDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.Arrays;
import java.util.List;

/** A network that learns exclusive or: recorded once, replayed a thousand times. */
public final class LearnXor {

    private LearnXor() {}

    public static void main(String[] arguments) {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.of(0, 0, 0, 1, 1, 0, 1, 1)).reshape(4, 2);
        Tensor target = tape.input("target", Literal.of(0, 1, 1, 0));
        Tensor w1 = tape.parameter("w1", Literal.wave(8, 2));
        Tensor b1 = tape.parameter("b1", Literal.ripple(8));
        Tensor w2 = tape.parameter("w2", Literal.ripple(1, 8));

        Tensor logits = x.linear(w1, b1).tanh().matmul(false, w2, true).reshape(4);
        Tensor prediction = logits.sigmoid();
        Tensor loss = logits.sigmoidCrossEntropy(target).mean();

        List<Tensor> parameters = List.of(w1, b1, w2);
        List<Tensor> gradients = Gradient.of(loss, w1, b1, w2);
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).accumulate(gradients.get(i).multiply(-0.5));
        }
        try (Device device = CpuDevice.open();
                Plan plan = Plan.compile(tape, device, loss, prediction)) {
            for (int step = 0; step < 1000; step++) {
                plan.run();
            }
            System.out.println("loss " + plan.values(loss)[0]);
            System.out.println("xor " + Arrays.toString(plan.values(prediction)));
        }
    }
}
