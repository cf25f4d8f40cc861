package io.gradstream.autodiff.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.device.Device;
import io.gradstream.autodiff.device.Transfer;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.op.Literal;
import io.gradstream.autodiff.plan.Plan;
import io.gradstream.autodiff.plan.Shadow;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Products of which a side is a vector, in every transposition. */
class ThinProductTest {

    static Stream<Arguments> products() {
        List<Arguments> products = new ArrayList<>();
        int[][] shapes = {
            {1, 128, 64}, {64, 128, 1}, {128, 1, 64}, {1, 1, 32}, {1, 32, 1}, {4, 16, 1}, {1, 13, 17}, {17, 13, 1}
        };
        for (int[] shape : shapes) {
            for (int transposition = 0; transposition < 4; transposition++) {
                products.add(
                        Arguments.of(shape[0], shape[1], shape[2], (transposition & 1) != 0, (transposition & 2) != 0));
            }
        }
        return products.stream();
    }

    @ParameterizedTest(name = "{0}x{1} times {1}x{2}, transposed {3} {4}")
    @MethodSource("products")
    void agreesWithTheReference(int rows, int inner, int columns, boolean transposeA, boolean transposeB) {
        Tape tape = Tape.recording();
        Tensor a = tape.input("a", transposeA ? Literal.wave(inner, rows) : Literal.wave(rows, inner));
        Tensor b = tape.input("b", transposeB ? Literal.ripple(columns, inner) : Literal.ripple(inner, columns));
        Tensor product = a.matmul(transposeA, b, transposeB);
        Tensor sum = tape.input("sum", Literal.wave(rows, columns))
                .accumulate(a.multiply(2).matmul(transposeA, b, transposeB));
        Tensor biased = tape.input("x", Literal.wave(rows, inner))
                .linear(tape.input("w", Literal.ripple(columns, inner)), tape.input("bias", Literal.wave(columns)));
        List<Tensor> results = List.of(product, sum, biased);
        try (Device device = CpuDevice.open();
                Plan plan = Plan.compile(tape, device, product, sum, biased);
                Device reference = new ReferenceDevice();
                Plan truth = Plan.compile(tape, reference, product, sum, biased)) {
            assertThat(plan.describe()).contains("AddProduct");
            Shadow.run(plan, device, 0);
            truth.run();
            for (Tensor result : results) {
                assertThat(Transfer.read(device, plan.buffer(result)))
                        .containsExactly(Transfer.read(reference, truth.buffer(result)), within(2e-4));
            }
        }
    }
}
