package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/**
 * A gated recurrent unit (Cho et al., 2014), in PyTorch's form: r, z = σ(x-map + h-map), n = tanh(x-map + r∘h-map), h′ = n + z∘(h − n). The
 * maps stand in the order r, z, n.
 */
public record Gru(int units) implements Recurrence {
    @Override
    public int gates() {
        return 3;
    }

    @Override
    public List<Tensor> step(Tensor input, Tensor hidden, List<Tensor> before) {
        Tensor reset = Recurrence.gate(input, 0, units)
                .add(Recurrence.gate(hidden, 0, units))
                .sigmoid();
        Tensor update = Recurrence.gate(input, 1, units)
                .add(Recurrence.gate(hidden, 1, units))
                .sigmoid();
        Tensor next = Recurrence.gate(input, 2, units)
                .add(reset.multiply(Recurrence.gate(hidden, 2, units)))
                .tanh();
        return List.of(next.add(update.multiply(before.getFirst().subtract(next))));
    }
}
