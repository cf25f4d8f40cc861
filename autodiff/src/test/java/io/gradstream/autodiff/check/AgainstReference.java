package io.gradstream.autodiff.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.op.Op;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A function of some operands on every device: its value, and the gradients of a weighted sum of it, are those of the reference. */
record AgainstReference(List<Literal> operands, Function<List<Tensor>, Tensor> function) {
    private static final double TOLERANCE = 4e-5;

    void check() {
        List<double[]> truth = run(new ReferenceDevice());
        Devices.all().forEach((name, device) -> {
            List<double[]> actual = run(device.get());
            for (int value = 0; value < truth.size(); value++) {
                compare(
                        name + " value " + value + " of " + operands.getFirst().type(),
                        actual.get(value),
                        truth.get(value));
            }
        });
    }

    /** The kinds of operations in the function and its gradients. */
    Set<Class<? extends Op>> operations() {
        Tape tape = Tape.recording();
        results(tape);
        return tape.nodes().stream().map(node -> node.op().getClass()).collect(Collectors.toSet());
    }

    private List<double[]> run(Device device) {
        try (device;
                Tape tape = Tape.eager(device)) {
            return results(tape).stream().map(Tensor::values).toList();
        }
    }

    private List<Tensor> results(Tape tape) {
        List<Tensor> leaves = new ArrayList<>();
        for (Literal operand : operands) {
            leaves.add(tape.input("operand " + leaves.size(), operand));
        }
        Tensor output = function.apply(leaves);
        Tensor weights = tape.input("weights", Literal.ripple(output.shape().dims()));
        Tensor scalar = output.cast(DType.F32).multiply(weights).sum();
        List<Tensor> results = new ArrayList<>(List.of(output));
        results.addAll(Gradient.orZeros(
                tape,
                scalar,
                leaves.stream().filter(leaf -> leaf.dtype().isFloating()).toList()));
        return results;
    }

    private static void compare(String what, double[] actual, double[] truth) {
        assertThat(actual).as(what).hasSameSizeAs(truth);
        double scale = 1e-30;
        for (double element : truth) {
            scale = Double.isFinite(element) ? Math.max(scale, Math.abs(element)) : scale;
        }
        for (int i = 0; i < truth.length; i++) {
            boolean same =
                    Double.compare(actual[i], truth[i]) == 0 || Math.abs(actual[i] - truth[i]) <= TOLERANCE * scale;
            assertThat(same)
                    .as("%s at %d: %s, not %s", what, i, actual[i], truth[i])
                    .isTrue();
        }
    }
}
