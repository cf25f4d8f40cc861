package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A recurrent layer unrolled over the items of a sequence: back-propagation through time is what differentiating it gives. Parameters as in
 * PyTorch, the gates one above the other: {@code input.weight} [gates·units, inputs], {@code input.bias}, {@code hidden.weight}
 * [gates·units, units], {@code hidden.bias}, all uniform within 1/√units at first.
 */
public sealed interface Recurrence permits Rnn, Gru, Lstm {
    /** The length of the state. */
    int units();

    /** How many maps of the input and the state a step needs. */
    int gates();

    /** How many arrays a state has; the first of them is what the layer gives. */
    default int arrays() {
        return 1;
    }

    /**
     * One step.
     *
     * @param input [rows, gates·units]: the map of the item
     * @param hidden [rows, gates·units]: the map of the state's first array
     * @param before the state's arrays, [rows, units] each
     */
    List<Tensor> step(Tensor input, Tensor hidden, List<Tensor> before);

    /** The states behind every item of x [rows, length, inputs], with derivatives all the way back. */
    default List<Tensor> forward(Tensor x, Parameters parameters) {
        return forward(x, Truncation.NONE, parameters);
    }

    /** The same with derivatives cut after some items. */
    default List<Tensor> forward(Tensor x, Truncation truncation, Parameters parameters) {
        return unroll(x, List.of(), truncation, parameters);
    }

    /**
     * The same for sequences of different lengths.
     *
     * @param mask [rows, length]: 1 for an item, 0 for padding, which leaves the state as it is
     */
    default List<Tensor> forward(Tensor x, Tensor mask, Truncation truncation, Parameters parameters) {
        List<Tensor> steps = new ArrayList<>();
        for (int item = 0; item < x.shape().dim(1); item++) {
            steps.add(mask.slice(1, item, item + 1));
        }
        return unroll(x, steps, truncation, parameters);
    }

    private List<Tensor> unroll(Tensor x, List<Tensor> mask, Truncation truncation, Parameters parameters) {
        int rows = x.shape().dim(0);
        Initializer.Uniform first = Initializer.Uniform.ofLinear(units(), units());
        Linear map = new Linear(
                gates() * units(), (inputs, outputs) -> first, java.util.Optional.of((inputs, outputs) -> first));
        Tensor inputs = map.forward(x, parameters.in("input"));
        List<Tensor> state = start(x, rows);
        List<Tensor> outputs = new ArrayList<>();
        for (int item = 0; item < x.shape().dim(1); item++) {
            if (truncation.cutsBefore(item)) {
                state = state.stream().map(Tensor::stopGradient).toList();
            }
            Tensor input = inputs.slice(1, item, item + 1).reshape(rows, gates() * units());
            Tensor hidden = map.forward(state.getFirst(), parameters.in("hidden"));
            List<Tensor> next = step(input, hidden, state);
            state = mask.isEmpty() ? next : keep(mask.get(item), next, state);
            outputs.add(parameters.layer(state.getFirst()));
        }
        return outputs;
    }

    private List<Tensor> start(Tensor x, int rows) {
        List<Tensor> zeros = new ArrayList<>();
        for (int i = 0; i < arrays(); i++) {
            zeros.add(x.tape().constant(0, x.dtype()).broadcast(io.gradstream.autodiff.Shape.of(rows, units())));
        }
        return zeros;
    }

    private static List<Tensor> keep(Tensor mask, List<Tensor> next, List<Tensor> before) {
        List<Tensor> kept = new ArrayList<>();
        for (int i = 0; i < next.size(); i++) {
            kept.add(before.get(i).add(next.get(i).subtract(before.get(i)).multiply(mask)));
        }
        return kept;
    }

    /** The i-th of the maps in an array of all. */
    static Tensor gate(Tensor maps, int index, int units) {
        return maps.slice(1, index * units, (index + 1) * units);
    }
}
