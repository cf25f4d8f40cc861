package io.gradstream.autodiff.examples;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/** Heavy-ball momentum, v ← μ·v + g and p ← p - η·v: an optimizer is operations that write in place, recorded behind the gradients. */
public record Momentum(double learningRate, double decay) {

    public void record(List<Tensor> parameters, List<Tensor> gradients) {
        for (int i = 0; i < parameters.size(); i++) {
            Tensor parameter = parameters.get(i);
            Tensor velocity = parameter.tape().input("velocity " + i, parameter.type());
            Tensor change = velocity.multiply(decay - 1).add(gradients.get(i));
            Tensor next = velocity.accumulate(change);
            parameter.accumulate(next.multiply(-learningRate));
        }
    }
}
