package io.gradstream.autodiff.plan;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.AdamUpdate;
import io.gradstream.autodiff.op.Control;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.OptimizerUpdate;
import io.gradstream.autodiff.op.Segment;
import io.gradstream.autodiff.op.Segments;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.Arrays;
import java.util.List;

/** A small network with an embedding, its gradients, and an optimizer step. */
public final class SmallNetwork {

    private SmallNetwork() {}

    public static Plan compile(Device device) {
        Tape tape = Tape.recording();
        Tensor x = tape.input("x", Literal.wave(6, 3));
        Tensor table = tape.parameter("table", Literal.ripple(5, 2));
        Tensor ids = tape.input("ids", Literal.ids(4, 0, 2, 2, 1, 0));
        Tensor weight = tape.parameter("weight", Literal.ripple(4, 5));
        Tensor bias = tape.parameter("bias", Literal.fraction(4));
        Tensor out = tape.parameter("out", Literal.ripple(1, 4));
        Tensor hidden = Tensor.concat(1, List.of(x, table.embedding(ids)))
                .linear(weight, bias)
                .gelu();
        Tensor logits = hidden.matmul(false, out, true).reshape(6);
        Tensor loss = logits.sigmoidCrossEntropy(tape.input("targets", Literal.of(0, 1, 1, 0, 1, 0)))
                .mean();
        Gradient.of(tape, loss, List.of(table, weight, bias, out))
                .forEach(gradient ->
                        tape.input("sum " + gradient.id(), gradient.type()).accumulate(gradient));

        Segments segments = Segments.of(new Segment(0, 207), new Segment(208, 13));
        double[] control = new double[Control.values().length];
        Arrays.fill(control, 1);
        control[Control.FOUND_INF.slot()] = 0;
        tape.parameter("flat", Literal.wave(224))
                .apply(
                        new AdamUpdate(0.9, 0.999, 1e-8, 0.01, true, segments),
                        tape.input("flat gradient", Literal.ripple(224)),
                        tape.input("m", TensorType.of(DType.F32, 224)),
                        tape.input("v", TensorType.of(DType.F32, 224)),
                        tape.input("control", new Literal(Control.block(), control)),
                        tape.input("update", OptimizerUpdate.block(2)));
        return Plan.compile(tape, device, loss, logits);
    }
}
