package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/** h′ = tanh(Wₓ·x + bₓ + Wₕ·h + bₕ) (Elman, "Finding Structure in Time", 1990). */
public record Rnn(int units) implements Recurrence {
    @Override
    public int gates() {
        return 1;
    }

    @Override
    public List<Tensor> step(Tensor input, Tensor hidden, List<Tensor> before) {
        return List.of(input.add(hidden).tanh());
    }
}
