package io.gradstream.autodiff.transform;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.tape.Tensor;
import java.util.function.UnaryOperator;

/**
 * The solution x of A·x = b for a symmetric positive definite A that is known by its products only, recorded as a fixed number
 * of iterations (Hestenes and Stiefel 1952). Together with {@link Hessian#product} this is Newton's step without a Hessian.
 */
public final class ConjugateGradients {

    private ConjugateGradients() {}

    /** The solution after some iterations from zero; exact, but for rounding, after as many as b has elements. */
    public static Tensor solve(UnaryOperator<Tensor> product, Tensor b, int iterations) {
        Tensor solution = b.multiply(0);
        Tensor residual = b;
        Tensor direction = b;
        Tensor squared = dot(residual, residual);
        for (int i = 0; i < iterations; i++) {
            Tensor image = product.apply(direction);
            Tensor step = ratio(squared, dot(direction, image));
            solution = solution.add(direction.multiply(step));
            residual = residual.subtract(image.multiply(step));
            Tensor next = dot(residual, residual);
            direction = residual.add(direction.multiply(ratio(next, squared)));
            squared = next;
        }
        return solution;
    }

    private static Tensor dot(Tensor a, Tensor b) {
        return a.multiply(b).sum();
    }

    /** A quotient that is 0, and not undefined, where nothing is left to do. */
    private static Tensor ratio(Tensor numerator, Tensor denominator) {
        double least = denominator.dtype() == DType.F64 ? 1e-150 : 1e-18;
        return numerator.divide(denominator.maximum(denominator.tape().constant(least, denominator.dtype())));
    }
}
