package io.gradstream.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {

    @Test
    void isAValue() {
        int[] dims = {3, 2};
        Shape shape = new Shape(dims);
        dims[0] = 7;
        shape.dims()[0] = 9;

        assertThat(shape)
                .isEqualTo(Shape.of(3, 2))
                .hasSameHashCodeAs(Shape.of(3, 2))
                .hasToString("3x2");
    }

    @Test
    void countsNegativeAxesFromTheEnd() {
        assertThat(Shape.of(3, 4, 5).dim(-1)).isEqualTo(5);
        assertThat(Shape.of(3, 4, 5).axis(-3)).isZero();
    }

    @Test
    void broadcastsExtentsOfOneAndMissingAxes() {
        assertThat(Shape.broadcast(Shape.of(5, 1), Shape.of(1, 7))).isEqualTo(Shape.of(5, 7));
        assertThat(Shape.broadcast(Shape.of(2, 3, 4), Shape.of(4))).isEqualTo(Shape.of(2, 3, 4));
        assertThat(Shape.broadcast(Shape.scalar(), Shape.of(2))).isEqualTo(Shape.of(2));
    }

    @Test
    void refusesShapesThatDoNotBroadcast() {
        assertThatThrownBy(() -> Shape.broadcast(Shape.of(3, 2), Shape.of(3)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("shapes must broadcast: left=3x2 right=3");
    }

    @Test
    void mayBeEmpty() {
        assertThat(Shape.of(3, 0).size()).isZero();
        assertThat(Shape.broadcast(Shape.of(3, 1), Shape.of(0))).isEqualTo(Shape.of(3, 0));
        assertThatThrownBy(() -> Shape.broadcast(Shape.of(2), Shape.of(0))).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Shape.of(3, -1))
                .isInstanceOf(ShapeException.class)
                .hasMessage("dimensions must not be negative: dims=[3, -1]");
    }

    @Test
    void knowsRowMajorStrides() {
        assertThat(Shape.of(3, 4, 5).strides()).containsExactly(20, 5, 1);
        assertThat(Shape.of(3, 4, 5).size()).isEqualTo(60);
    }
}
