package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.List;

/**
 * Long short-term memory (Hochreiter, Schmidhuber, 1997; Gers et al., 2000): i, f, o = σ(maps), g = tanh(map), c′ = f∘c + i∘g,
 * h′ = o∘tanh c′. The maps stand in PyTorch's order i, f, g, o; a state is h and c.
 */
public record Lstm(int units) implements Recurrence {
    @Override
    public int gates() {
        return 4;
    }

    @Override
    public int arrays() {
        return 2;
    }

    @Override
    public List<Tensor> step(Tensor input, Tensor hidden, List<Tensor> before) {
        Tensor maps = input.add(hidden);
        Tensor in = Recurrence.gate(maps, 0, units).sigmoid();
        Tensor forget = Recurrence.gate(maps, 1, units).sigmoid();
        Tensor candidate = Recurrence.gate(maps, 2, units).tanh();
        Tensor out = Recurrence.gate(maps, 3, units).sigmoid();
        Tensor cell = forget.multiply(before.get(1)).add(in.multiply(candidate));
        return List.of(out.multiply(cell.tanh()), cell);
    }
}
