package io.gradstream.gpu.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys and values that a query does not see may be anything, and are no number here. */
class UnseenKeysTest {
    private static final int WIDTH = 5;

    @Test
    void keysBeyondTheLength() {
        assertThat(attend(70, 70, 67, false, 67)).isDeepEqualTo(attend(70, 70, 67, false, 70));
    }

    @Test
    void keysBehindTheLastQuery() {
        assertThat(attend(67, 70, 70, true, 67)).isDeepEqualTo(attend(67, 70, 70, true, 70));
    }

    @Test
    void keysBehindAnEarlierQuery() {
        double[][] whole = attend(70, 70, 70, true, 70);
        double[][] spoiled = attend(70, 70, 70, true, 66);
        int seen = 66 * WIDTH;
        assertThat(Arrays.copyOf(spoiled[0], seen)).containsExactly(Arrays.copyOf(whole[0], seen));
        assertThat(Arrays.copyOf(spoiled[1], seen)).containsExactly(Arrays.copyOf(whole[1], seen));
        assertThat(spoiled[0][seen]).isNaN();
    }

    /** Attention and the gradients of queries, keys and values, with keys and values that are no number from one on. */
    private static double[][] attend(int queries, int keys, int length, boolean causal, int spoiledFrom) {
        try (Device device = TestCard.open();
                Tape tape = Tape.eager(device)) {
            List<Tensor> operands = List.of(
                    tape.input("q", Literal.wave(1, queries, WIDTH)),
                    tape.input("k", spoiled(Literal.ripple(1, keys, WIDTH), spoiledFrom)),
                    tape.input("v", spoiled(Literal.positive(1, keys, WIDTH), spoiledFrom)));
            Tensor output = operands.get(0)
                    .attention(operands.get(1), operands.get(2), causal, tape.input("lengths", Literal.ids(length)));
            List<Tensor> results = new ArrayList<>(List.of(output));
            results.addAll(Gradient.of(tape, output.square().sum(), operands));
            return results.stream().map(Tensor::values).toArray(double[][]::new);
        }
    }

    private static Literal spoiled(Literal whole, int from) {
        double[] values = whole.values();
        Arrays.fill(values, from * WIDTH, values.length, Double.NaN);
        return new Literal(whole.type(), values);
    }
}
