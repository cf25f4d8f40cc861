package io.gradstream.autodiff.tape;

import io.gradstream.autodiff.op.Elu;
import io.gradstream.autodiff.op.Gelu;
import io.gradstream.autodiff.op.LeakyRelu;
import io.gradstream.autodiff.op.Relu;
import io.gradstream.autodiff.op.Silu;
import io.gradstream.autodiff.op.Softplus;
import io.gradstream.autodiff.op.Tanh;

/** The nonlinear functions between layers. */
public sealed interface Activations extends Expression permits Tensor {

    default Tensor relu() {
        return apply(new Relu());
    }

    default Tensor leakyRelu(double leak) {
        return apply(new LeakyRelu(leak));
    }

    default Tensor sigmoid() {
        return (Tensor) tape().sigmoid(this);
    }

    default Tensor tanh() {
        return apply(new Tanh());
    }

    default Tensor gelu() {
        return apply(new Gelu());
    }

    default Tensor silu() {
        return apply(new Silu());
    }

    default Tensor softplus() {
        return apply(new Softplus());
    }

    default Tensor elu(double scale) {
        return apply(new Elu(scale));
    }
}
