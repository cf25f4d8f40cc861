package io.gradstream.autodiff.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecurrenceTest {
    private static final int ROWS = 3;
    private static final int LENGTH = 7;
    private static final int INPUTS = 2;
    private static final int UNITS = 4;
    private static final int WINDOW = 3;

    static Stream<Recurrence> layers() {
        return Stream.of(new Rnn(UNITS), new Gru(UNITS), new Lstm(UNITS));
    }

    /** The definition of truncated BPTT by hand: every window is a sequence of its own that begins with a detached state. */
    @ParameterizedTest
    @MethodSource("layers")
    void truncatedIsDetachedFull(Recurrence layer) {
        try (Eagerly truncated = new Eagerly();
                Eagerly full = new Eagerly();
                Eagerly detached = new Eagerly()) {
            List<Tensor> states =
                    layer.forward(truncated.wave(ROWS, LENGTH, INPUTS), new Truncation(WINDOW), truncated.parameters);
            List<Tensor> whole = layer.forward(full.wave(ROWS, LENGTH, INPUTS), full.parameters);
            List<Tensor> windows = byWindows(layer, detached);

            for (int item = 0; item < LENGTH; item++) {
                assertThat(states.get(item).values())
                        .containsExactly(whole.get(item).values())
                        .containsExactly(windows.get(item).values());
            }
            for (String name : List.of("input.weight", "input.bias", "hidden.weight", "hidden.bias")) {
                double[] gradient = gradient(truncated, states, name);
                assertThat(gradient).containsExactly(gradient(detached, windows, name), within(1e-12));
                assertThat(gradient).isNotEqualTo(gradient(full, whole, name));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void paddingLeavesTheStateAsItIs(Recurrence layer) {
        try (Eagerly padded = new Eagerly();
                Eagerly shorter = new Eagerly()) {
            Tensor x = padded.wave(1, 3, INPUTS);
            Tensor zeros = padded.tape.constant(0, x.dtype()).broadcast(Shape.of(1, 2, INPUTS));
            Tensor mask = padded.of(new Literal(io.gradstream.autodiff.TensorType.of(x.dtype(), 1, 5), 0, 0, 1, 1, 1));
            Tensor last = layer.forward(Tensor.concat(1, List.of(zeros, x)), mask, Truncation.NONE, padded.parameters)
                    .getLast();

            assertThat(last.values())
                    .containsExactly(
                            layer.forward(shorter.wave(1, 3, INPUTS), shorter.parameters)
                                    .getLast()
                                    .values(),
                            within(1e-12));
        }
    }

    private static List<Tensor> byWindows(Recurrence layer, Eagerly on) {
        Tensor x = on.wave(ROWS, LENGTH, INPUTS);
        Parameters input = on.parameters.in("input");
        Parameters hidden = on.parameters.in("hidden");
        Fans first = (inputs, outputs) -> Initializer.Uniform.ofLinear(UNITS, UNITS);
        Linear map = new Linear(layer.gates() * UNITS, first, java.util.Optional.of(first));
        List<Tensor> state = new ArrayList<>();
        for (int i = 0; i < layer.arrays(); i++) {
            state.add(on.tape.constant(0, x.dtype()).broadcast(Shape.of(ROWS, UNITS)));
        }
        List<Tensor> states = new ArrayList<>();
        for (int from = 0; from < LENGTH; from += WINDOW) {
            state = state.stream().map(Tensor::stopGradient).toList();
            for (int item = from; item < Math.min(LENGTH, from + WINDOW); item++) {
                Tensor step = x.slice(1, item, item + 1).reshape(ROWS, INPUTS);
                state = layer.step(map.forward(step, input), map.forward(state.getFirst(), hidden), state);
                states.add(state.getFirst());
            }
        }
        return states;
    }

    private static double[] gradient(Eagerly on, List<Tensor> states, String name) {
        Tensor sum = Tensor.concat(1, states).square().sum();
        return Gradient.of(on.tape, sum, List.of(on.tape.leaf(name))).getFirst().values();
    }
}
