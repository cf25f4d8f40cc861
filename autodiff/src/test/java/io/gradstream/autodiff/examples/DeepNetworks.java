package io.gradstream.autodiff.examples;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.diagnose.DepthProfile;
import io.gradstream.autodiff.nn.Initializer;
import io.gradstream.autodiff.nn.Mode;
import io.gradstream.autodiff.nn.Parameters;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/** What becomes of gradients on their way back through twenty layers of 64 units. */
public final class DeepNetworks {

    private DeepNetworks() {}

    public static void main(String[] arguments) {
        System.out.println("sigmoid  " + profile((x, layer) -> layer.sigmoid()));
        System.out.println("tanh     " + profile((x, layer) -> layer.tanh()));
        System.out.println("residual " + profile((x, layer) -> x.add(layer.relu())));
    }

    static DepthProfile profile(BinaryOperator<Tensor> layer) {
        try (Device device = new ReferenceDevice();
                Tape tape = Tape.eager(device)) {
            Parameters parameters = Parameters.on(tape, 46, Mode.TRAINING);
            Initializer usual = Initializer.Uniform.ofLinear(64, 64);
            List<Tensor> weights = new ArrayList<>();
            Tensor x = tape.input("x", Literal.wave(16, 64));
            for (int i = 0; i < 20; i++) {
                Tensor weight = parameters.in(i).get("weight", Shape.of(64, 64), usual);
                Tensor bias = parameters.in(i).get("bias", Shape.of(64), usual);
                x = layer.apply(x, x.linear(weight, bias));
                weights.add(weight);
            }
            List<Tensor> gradients = Gradient.of(tape, x.square().mean(), weights);
            return DepthProfile.of(gradients.stream()
                    .mapToDouble(gradient -> Math.sqrt(gradient.square().sum().item()))
                    .toArray());
        }
    }
}
