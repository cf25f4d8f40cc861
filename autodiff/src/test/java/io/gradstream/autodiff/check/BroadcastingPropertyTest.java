package io.gradstream.autodiff.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.ShapeException;
import io.gradstream.autodiff.device.reference.ReferenceDevice;
import io.gradstream.autodiff.tape.Tape;
import io.gradstream.autodiff.tape.Tensor;
import io.gradstream.autodiff.transform.Gradient;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BroadcastingPropertyTest {

    @Provide
    Arbitrary<Shapes.Pair> pairs() {
        return Shapes.broadcasting();
    }

    @Provide
    Arbitrary<Shape> shapes() {
        return Shapes.any();
    }

    @Property(seed = "1")
    void stretchesBothSidesToOneShape(@ForAll("pairs") Shapes.Pair pair) {
        assertThat(Shape.broadcast(pair.left(), pair.right())).isEqualTo(pair.both());
        assertThat(Shape.broadcast(pair.right(), pair.left())).isEqualTo(pair.both());
    }

    @Property(seed = "2")
    void refusesExtentsThatDiffer(@ForAll("shapes") Shape shape, @ForAll long choice) {
        if (shape.rank() == 0) {
            return;
        }
        int axis = Math.floorMod(choice, shape.rank());
        Shape other = shape.with(axis, shape.dim(axis) + 1);
        if (shape.dim(axis) == 1) {
            assertThat(Shape.broadcast(shape, other)).isEqualTo(other);
        } else {
            assertThatThrownBy(() -> Shape.broadcast(shape, other)).isInstanceOf(ShapeException.class);
        }
    }

    /** f(a, b) is f of the repeated copies, in value and in both gradients. */
    @Property(seed = "3", tries = 300)
    void isTheSameAsRepeatingFirst(@ForAll("pairs") Shapes.Pair pair, @ForAll long seed) {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor a = tape.input("a", Shapes.numbers(seed, pair.left()));
            Tensor b = tape.input("b", Shapes.numbers(seed + 1, pair.right()));
            Tensor weights = tape.input("w", Shapes.numbers(seed + 2, pair.both()));
            Tensor direct = a.multiply(b).subtract(b);
            Tensor repeated =
                    a.broadcast(pair.both()).multiply(b.broadcast(pair.both())).subtract(b.broadcast(pair.both()));

            assertThat(direct.values()).containsExactly(repeated.values());
            List<Tensor> left = Gradient.of(direct.multiply(weights).sum(), a, b);
            List<Tensor> right = Gradient.of(repeated.multiply(weights).sum(), a, b);
            for (int i = 0; i < 2; i++) {
                assertThat(left.get(i).values()).containsExactly(right.get(i).values(), within(1e-12));
            }
            assertThat(left.get(0).shape()).isEqualTo(pair.left());
            assertThat(left.get(1).shape()).isEqualTo(pair.right());
        }
    }

    /** ⟨ȳ, broadcast(x)⟩ = ⟨sumTo(ȳ), x⟩. */
    @Property(seed = "4", tries = 300)
    void isTransposedBySummingBack(@ForAll("pairs") Shapes.Pair pair, @ForAll long seed) {
        try (Tape tape = Tape.eager(new ReferenceDevice())) {
            Tensor x = tape.input("x", Shapes.numbers(seed, pair.left()));
            Tensor cotangent = tape.input("y", Shapes.numbers(seed + 1, pair.both()));

            double pushed = x.broadcast(pair.both()).multiply(cotangent).sum().item();
            double pulled = ((Tensor) tape.sumTo(cotangent, pair.left()))
                    .multiply(x)
                    .sum()
                    .item();

            assertThat(pulled).isCloseTo(pushed, within(1e-10));
            assertThat(x.dtype()).isEqualTo(DType.F64);
        }
    }
}
