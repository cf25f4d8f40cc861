package io.gradstream.gpu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Attention of more entries than a grid has blocks, so that blocks work for several. */
class ManyEntriesTest {
    private static final int ENTRIES = 2049;

    @Test
    void attendLikeTheReference() {
        List<double[]> values = attend(TestCard.open());
        List<double[]> truth = attend(new ReferenceDevice());
        for (int i = 0; i < truth.size(); i++) {
            assertThat(values.get(i)).containsExactly(truth.get(i), within(1e-5));
        }
    }

    private static List<double[]> attend(Device device) {
        try (device;
                Tape tape = Tape.eager(device)) {
            List<Tensor> operands = List.of(
                    tape.input("q", Literal.wave(ENTRIES, 1, 2)),
                    tape.input("k", Literal.ripple(ENTRIES, 2, 2)),
                    tape.input("v", Literal.positive(ENTRIES, 2, 2)));
            Tensor output = operands.get(0).attention(operands.get(1), operands.get(2), false, null);
            List<Tensor> results = new ArrayList<>(List.of(output));
            results.addAll(Gradient.of(tape, output.square().sum(), operands));
            return results.stream().map(Tensor::values).toList();
        }
    }
}
