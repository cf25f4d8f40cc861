package io.gradstream.autodiff.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Devices;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AttentionTest {

    /** Batch, queries, keys, width; whether causal; how many keys count. */
    private record Case(int batch, int queries, int keys, int width, boolean causal, int @Nullable [] lengths) {
        private static Case of(int batch, int queries, int keys, int width) {
            return new Case(batch, queries, keys, width, false, null);
        }

        private static Case causal(int batch, int length, int width, int @Nullable ... lengths) {
            return new Case(batch, length, length, width, true, lengths);
        }
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                        Case.of(1, 1, 1, 1),
                        Case.of(2, 13, 207, 8),
                        Case.of(1, 65, 257, 13),
                        Case.causal(3, 64, 32, (int[]) null),
                        Case.causal(1, 300, 16, (int[]) null),
                        Case.causal(3, 70, 5, 70, 0, 33))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void tiledEqualsPlainInValuesAndGradients(Case at) {
        List<double[]> truth = run(at, new ReferenceDevice(), false);
        assertClose(run(at, new ReferenceDevice(), true), truth, 5e-7);
        Devices.all().values().forEach(device -> {
            assertClose(run(at, device.get(), true), truth, 6e-5);
            assertClose(run(at, device.get(), false), truth, 6e-5);
        });
    }

    @Test
    void staysExactWhereScoresAreFarApart() {
        try (Device device = Devices.one();
                Tape tape = Tape.eager(device)) {
            Tensor q = tape.input("q", Literal.of(1e4, -1e4).with(1, 2, 1));
            Tensor k = tape.input("k", Literal.of(1, -1, 0).with(1, 3, 1));
            Tensor v = tape.input("v", Literal.of(3, 5, 7).with(1, 3, 1));
            assertThat(q.attention(k, v, false, null).values()).containsExactly(3, 5);
        }
    }

    /** Plain attention keeps a few squares of 4096·4096 floats, 64 MiB each; tiled attention and its backward none. */
    @Test
    void takesMemoryByTheLengthAndNotByItsSquare() {
        int length = 4096;
        long square = (long) length * length * Float.BYTES;
        assertThat(bytes(length, false)).isGreaterThan(2 * square);
        assertThat(bytes(length, true)).isLessThan(square / 4);
        assertThat(bytes(length, true)).isLessThan(3 * bytes(length / 2, true));
    }

    @Test
    void sameBitsEveryTime() {
        Case at = Case.causal(2, 300, 24, (int[]) null);
        List<double[]> first = run(at, Devices.one(), true);
        List<double[]> second = run(at, Devices.one(), true);
        for (int i = 0; i < first.size(); i++) {
            assertThat(second.get(i)).containsExactly(first.get(i));
        }
    }

    private static long bytes(int length, boolean tiled) {
        Tape tape = Tape.recording();
        TensorType type = TensorType.of(DType.F32, 1, length, 16);
        List<Tensor> leaves = List.of(tape.input("q", type), tape.input("k", type), tape.input("v", type));
        Tensor output = attention(leaves, true, null, tiled);
        List<Tensor> outputs = new ArrayList<>(Gradient.of(tape, output.square().sum(), leaves));
        outputs.add(output);
        try (Device device = Devices.one();
                Plan plan = Plan.compile(tape, device, outputs, java.util.Map.of())) {
            return plan.arenaBytes() + plan.workspaceBytes();
        }
    }

    private static List<double[]> run(Case at, Device device, boolean tiled) {
        try (device;
                Tape tape = Tape.eager(device)) {
            List<Tensor> leaves = List.of(
                    tape.input("q", Literal.wave(at.batch(), at.queries(), at.width())),
                    tape.input("k", Literal.ripple(at.batch(), at.keys(), at.width())),
                    tape.input("v", Literal.positive(at.batch(), at.keys(), at.width())));
            Tensor lengths = at.lengths() == null ? null : tape.input("lengths", Literal.ids(at.lengths()));
            Tensor output = attention(leaves, at.causal(), lengths, tiled);
            Tensor weights = tape.input("weights", Literal.wave(output.shape().dims()));
            List<double[]> results = new ArrayList<>();
            results.add(output.values());
            Gradient.of(tape, output.multiply(weights).sum(), leaves)
                    .forEach(gradient -> results.add(gradient.values()));
            return results;
        }
    }

    private static Tensor attention(List<Tensor> leaves, boolean causal, @Nullable Tensor lengths, boolean tiled) {
        return tiled
                ? leaves.get(0).attention(leaves.get(1), leaves.get(2), causal, lengths)
                : leaves.get(0).plainAttention(leaves.get(1), leaves.get(2), causal, lengths);
    }

    private static void assertClose(List<double[]> actual, List<double[]> expected, double tolerance) {
        for (int value = 0; value < expected.size(); value++) {
            for (int i = 0; i < expected.get(value).length; i++) {
                assertThat(actual.get(value)[i])
                        .as("value=%d index=%d", value, i)
                        .isCloseTo(expected.get(value)[i], within(tolerance));
            }
        }
    }
}
