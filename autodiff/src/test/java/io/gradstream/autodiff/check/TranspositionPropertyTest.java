package io.gradstream.autodiff.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class TranspositionPropertyTest {

    @Provide
    Arbitrary<List<Integer>> orders() {
        return Arbitraries.integers()
                .between(1, 4)
                .flatMap(rank ->
                        Arbitraries.shuffle(IntStream.range(0, rank).boxed().toList()));
    }

    @Property(seed = "1", tries = 300)
    void isUndoneByTheInverseOrder(@ForAll("orders") List<Integer> order, @ForAll long seed) {
        int[] forth = order.stream().mapToInt(Integer::intValue).toArray();
        int[] back = new int[forth.length];
        int[] dims = new int[forth.length];
        for (int i = 0; i < forth.length; i++) {
            back[forth[i]] = i;
            dims[i] = 1 + Math.floorMod(seed + i, 4);
        }
        try (Tape tape = Tape.inference(new ReferenceDevice())) {
            Tensor x = tape.input("x", Shapes.numbers(seed, Shape.of(dims)));

            assertThat(x.transpose(forth).transpose(back).values()).containsExactly(x.values());
        }
    }

    /** (A·B)ᵀ = Bᵀ·Aᵀ, and every way to say so by flags. */
    @Property(seed = "2", tries = 200)
    void swapsTheFactorsOfAProduct(
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 9) int inner,
            @ForAll @IntRange(min = 1, max = 9) int columns,
            @ForAll long seed) {
        try (Tape tape = Tape.inference(new ReferenceDevice())) {
            Tensor a = tape.input("a", Shapes.numbers(seed, Shape.of(rows, inner)));
            Tensor b = tape.input("b", Shapes.numbers(seed + 1, Shape.of(inner, columns)));
            Tensor transposedA = a.transpose(1, 0);
            Tensor transposedB = b.transpose(1, 0);
            double[] product = a.matmul(b).values();

            assertThat(transposedA.matmul(true, b, false).values()).containsExactly(product);
            assertThat(a.matmul(false, transposedB, true).values()).containsExactly(product);
            assertThat(transposedA.matmul(true, transposedB, true).values()).containsExactly(product);
            assertThat(transposedB.matmul(transposedA).transpose(1, 0).values()).containsExactly(product);
        }
    }
}
