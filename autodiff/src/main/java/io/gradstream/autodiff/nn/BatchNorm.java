package io.gradstream.autodiff.nn;

import io.gradstream.autodiff.Shape;
import io.gradstream.autodiff.tape.Tensor;

/**
 * y = (x − μ) / √(σ² + ε)·weight + bias with mean and variance of each column over the rows that count (Ioffe, Szegedy, "Batch
 * Normalization", 2015). Parameters: {@code weight}, {@code bias}, and {@code running_mean} and {@code running_var}, which a forward pass
 * in training mode moves by the momentum towards the statistics of its batch and one in evaluation mode uses, as PyTorch's do.
 *
 * <p>A batch without rows that count, and statistics that are not finite, as an overflow makes them, leave the running ones as they are.
 */
public record BatchNorm(double momentum, double epsilon) {
    /** PyTorch's momentum and epsilon. */
    public BatchNorm() {
        this(0.1, 1e-5);
    }

    /**
     * The normalized rows.
     *
     * @param x [rows, columns]
     * @param counts [rows]: 1 for rows that count, else 0
     */
    public Tensor forward(Tensor x, Tensor counts, Parameters parameters) {
        int width = x.shape().dim(1);
        Tensor weight = parameters.get("weight", Shape.of(width), new Initializer.Constant(1));
        Tensor bias = parameters.get("bias", Shape.of(width), new Initializer.Constant(0));
        Tensor runningMean = parameters.state("running_mean", Shape.of(width), new Initializer.Constant(0));
        Tensor runningVariance = parameters.state("running_var", Shape.of(width), new Initializer.Constant(1));
        return switch (parameters.mode()) {
            case EVALUATION -> normalize(x.subtract(runningMean), runningVariance, weight, bias);
            case TRAINING -> {
                Tensor mask = counts.reshape(counts.shape().dim(0), 1);
                Tensor rows = mask.sum();
                Tensor divisor = rows.maximum(one(x));
                Tensor mean = x.multiply(mask).sum(0).divide(divisor);
                Tensor centered = x.subtract(mean);
                Tensor variance = centered.square().multiply(mask).sum(0).divide(divisor);
                Tensor unbiased = variance.multiply(rows.divide(rows.subtract(1).maximum(one(x))));
                Tensor pace = rows.minimum(one(x)).multiply(momentum);
                move(runningMean, mean, pace);
                move(runningVariance, unbiased, pace);
                yield normalize(centered, variance, weight, bias);
            }
        };
    }

    private Tensor normalize(Tensor centered, Tensor variance, Tensor weight, Tensor bias) {
        return centered.divide(variance.add(epsilon).sqrt()).multiply(weight).add(bias);
    }

    private static void move(Tensor running, Tensor towards, Tensor pace) {
        Tensor change = towards.subtract(running).multiply(pace).stopGradient();
        Tensor finite = change.subtract(change).equal(zero(change));
        running.accumulate(finite.choose(change, zero(change).broadcast(change.shape())));
    }

    private static Tensor zero(Tensor like) {
        return like.tape().constant(0, like.dtype());
    }

    private static Tensor one(Tensor like) {
        return like.tape().constant(1, like.dtype());
    }
}
