package io.gradstream.autodiff.op;

import io.gradstream.autodiff.Shape;
import java.util.List;

/** Numbers of the standard normal distribution, by the Box–Muller transform. Operand: a counter. */
public record RandomNormal(Draws draws, Shape shape) implements RandomNumbers {

    public static List<Sample> samples() {
        return List.of(
                Sample.of(new RandomNormal(new Draws(1, 2), Shape.of(5, 7)), Literal.counter(3))
                        .valuesOnly(),
                Sample.of(new RandomNormal(new Draws(-9, 1), Shape.of(207)), Literal.counter(1e10))
                        .valuesOnly());
    }
}
