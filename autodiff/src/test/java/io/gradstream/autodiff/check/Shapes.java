package io.gradstream.autodiff.check;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.TensorType;
import io.gradstream.autodiff.op.Literal;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random shapes and numbers for properties. */
final class Shapes {

    /** Two shapes that broadcast to a third one. */
    record Pair(Shape left, Shape right, Shape both) {}

    private Shapes() {}

    static Arbitrary<Shape> any() {
        return dims().map(Shapes::of);
    }

    /** A shape, of which each side has lost leading axes or has an extent of 1 in some of the others, never both sides in the same. */
    static Arbitrary<Pair> broadcasting() {
        return dims().flatMap(dims -> Combinators.combine(
                        Arbitraries.of(0, 1, 2).list().ofSize(dims.size()),
                        Arbitraries.integers().between(0, dims.size()),
                        Arbitraries.of(true, false))
                .as((sides, dropped, left) -> {
                    int[] both = IntStream.range(0, dims.size()).map(dims::get).toArray();
                    int[] shrunkLeft = shrink(both, sides, 1);
                    int[] shrunkRight = shrink(both, sides, 2);
                    Shape a = Shape.of(left ? shrunkLeft : drop(shrunkLeft, shrunkRight, both, dropped));
                    Shape b = Shape.of(left ? drop(shrunkRight, shrunkLeft, both, dropped) : shrunkRight);
                    return new Pair(a, b, Shape.of(both));
                }));
    }

    /** Numbers in (-2, 2), a function of the seed alone. */
    static Literal numbers(long seed, Shape shape) {
        TensorType type = new TensorType(shape, DType.F64);
        return new Literal(
                type, new SplittableRandom(seed).doubles(shape.size(), -2, 2).toArray());
    }

    private static Arbitrary<List<Integer>> dims() {
        return Arbitraries.integers().between(1, 4).list().ofMaxSize(4);
    }

    private static Shape of(List<Integer> dims) {
        return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
    }

    private static int[] shrink(int[] dims, List<Integer> sides, int side) {
        return IntStream.range(0, dims.length)
                .map(axis -> sides.get(axis) == side ? 1 : dims[axis])
                .toArray();
    }

    /** Leaves out leading axes as long as the other side has their full extent. */
    private static int[] drop(int[] shrunk, int[] other, int[] both, int count) {
        int dropped = 0;
        while (dropped < count && other[dropped] == both[dropped]) {
            dropped++;
        }
        return IntStream.of(shrunk).skip(dropped).toArray();
    }
}
