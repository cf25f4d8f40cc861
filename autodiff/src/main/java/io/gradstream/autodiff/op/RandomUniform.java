package io.gradstream.autodiff.op;

import io.gradstream.autodiff.Shape;
import java.util.List;

/** Numbers in [0, 1), multiples of 2⁻²⁴. Operand: a counter. */
public record RandomUniform(Draws draws, Shape shape) implements RandomNumbers {

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new RandomUniform(new Draws(1, 2), Shape.of(5, 7)), Literal.counter(3))
                        .valuesOnly(),
                Sample.of(new RandomUniform(new Draws(-9, 1), Shape.of(207)), Literal.counter(1e10))
                        .valuesOnly());
    }
}
