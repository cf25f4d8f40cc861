package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.tape.Tensor;

/**
 * The sum of the dot products of all pairs of fields, as ½·Σ ((Σ v)² − Σ v²): its cost is linear in the fields (Rendle, "Factorization
 * Machines", 2010). It has no parameters of its own.
 */
public record FactorizationMachine() {
    /**
     * The interactions [rows, 1] of fields [rows, fields, dimension].
     */
    public Tensor forward(Tensor fields) {
        Tensor squareOfSum = fields.sum(1).square();
        Tensor sumOfSquares = fields.square().sum(1);
        return squareOfSum.subtract(sumOfSquares).multiply(0.5).sumKeeping(1);
    }
}
