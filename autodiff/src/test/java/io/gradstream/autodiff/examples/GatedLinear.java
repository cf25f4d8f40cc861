package io.gradstream.autodiff.examples;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.nn.Initializer;
import io.gradstream.autodiff.nn.Parameters;
import io.gradstream.autodiff.tape.Tensor;

/** (V·x + b) ⊙ σ(W·x): a layer is a function of a tensor and of the parameters that it asks for by name. */
public record GatedLinear(int outputs) {

    public Tensor forward(Tensor x, Parameters parameters) {
        int inputs = x.shape().dim(-1);
        Initializer usual = Initializer.Uniform.ofLinear(inputs, outputs);
        Tensor value = parameters.get("value", Shape.of(outputs, inputs), usual);
        Tensor gate = parameters.get("gate", Shape.of(outputs, inputs), usual);
        Tensor bias = parameters.get("bias", Shape.of(outputs), usual);
        return x.linear(value, bias).multiply(x.matmul(false, gate, true).sigmoid());
    }
}
