package io.gradstream.config;

import io.gradstream.config.yaml.Checked;
import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Findings;
import io.gradstream.config.yaml.Later;
import io.gradstream.config.yaml.Named;
import io.gradstream.config.yaml.Range;
import io.gradstream.config.yaml.Tagged;

/** The rule that turns gradients into new weights; the formulas are PyTorch's where it has them. */
@Tagged("type")
@Later({"muon", "soap"})
public sealed interface OptimizerSettings {
    /** The learning rate that the schedule scales. */
    double learningRate();

    /** Stochastic gradient descent. */
    @Named("sgd")
    @Doc("Stochastic gradient descent.")
    record Sgd(
            @Doc("The learning rate that the schedule scales.") @Default("0.01") @Range(min = 0)
            double learningRate,

            @Doc("The share of the last direction that is kept.") @Default("0") @Range(min = 0, below = 1)
            double momentum,

            @Doc("The share of the gradient that momentum leaves out.") @Default("0") @Range(min = 0, max = 1)
            double dampening,

            @Doc("Whether momentum looks ahead.") @Default("false")
            boolean nesterov,

            @Doc("Weight decay, added to the gradient.") @Default("0") @Range(min = 0)
            double weightDecay)
            implements OptimizerSettings, Checked {
        @Override
        public void check(Findings findings) {
            if (nesterov && momentum == 0) {
                findings.wrong("nesterov", "must be false without momentum", nesterov);
            }
            if (nesterov && dampening != 0) {
                findings.wrong("dampening", "must be 0 with nesterov", dampening);
            }
        }
    }

    /** Adam; weight decay is added to the gradient. */
    @Named("adam")
    @Doc("Adam; weight decay is added to the gradient.")
    record Adam(
            @Doc("The learning rate that the schedule scales.") @Default("0.001") @Range(min = 0)
            double learningRate,

            @Doc("The decay of the mean of gradients.") @Default("0.9") @Range(min = 0, below = 1)
            double beta1,

            @Doc("The decay of the mean of squared gradients.") @Default("0.999") @Range(min = 0, below = 1)
            double beta2,

            @Doc("Keeps the division finite.") @Default("1e-8") @Range(above = 0)
            double epsilon,

            @Doc("Weight decay, added to the gradient.") @Default("0") @Range(min = 0)
            double weightDecay)
            implements OptimizerSettings {}

    /** Adam with weight decay beside the gradient. */
    @Named("adamw")
    @Doc("Adam with weight decay beside the gradient.")
    record AdamW(
            @Doc("The learning rate that the schedule scales.") @Default("0.001") @Range(min = 0)
            double learningRate,

            @Doc("The decay of the mean of gradients.") @Default("0.9") @Range(min = 0, below = 1)
            double beta1,

            @Doc("The decay of the mean of squared gradients.") @Default("0.999") @Range(min = 0, below = 1)
            double beta2,

            @Doc("Keeps the division finite.") @Default("1e-8") @Range(above = 0)
            double epsilon,

            @Doc("Weight decay, taken from the weights directly.") @Default("0.01") @Range(min = 0)
            double weightDecay)
            implements OptimizerSettings {}

    /** AdamW whose two moments take one byte per weight each. */
    @Named("adamw8bit")
    @Doc("AdamW whose two moments take one byte per weight each.")
    record QuantizedAdamW(
            @Doc("The learning rate that the schedule scales.") @Default("0.001") @Range(min = 0)
            double learningRate,

            @Doc("The decay of the mean of gradients.") @Default("0.9") @Range(min = 0, below = 1)
            double beta1,

            @Doc("The decay of the mean of squared gradients.") @Default("0.999") @Range(min = 0, below = 1)
            double beta2,

            @Doc("Keeps the division finite.") @Default("1e-8") @Range(above = 0)
            double epsilon,

            @Doc("Weight decay, taken from the weights directly.") @Default("0.01") @Range(min = 0)
            double weightDecay)
            implements OptimizerSettings {}

    /** Adagrad: the more gradient a weight has seen, the smaller its steps. */
    @Named("adagrad")
    @Doc("Adagrad: the more gradient a weight has seen, the smaller its steps.")
    record Adagrad(
            @Doc("The learning rate that the schedule scales.") @Default("0.01") @Range(min = 0)
            double learningRate,

            @Doc("By how much of itself the rate falls with each step.") @Default("0") @Range(min = 0)
            double rateDecay,

            @Doc("Weight decay, added to the gradient.") @Default("0") @Range(min = 0)
            double weightDecay,

            @Doc("What the sum of squared gradients begins with.") @Default("0") @Range(min = 0)
            double initial,

            @Doc("Keeps the division finite.") @Default("1e-10") @Range(above = 0)
            double epsilon)
            implements OptimizerSettings {}

    /** RMSprop. */
    @Named("rmsprop")
    @Doc("RMSprop.")
    record Rmsprop(
            @Doc("The learning rate that the schedule scales.") @Default("0.01") @Range(min = 0)
            double learningRate,

            @Doc("The decay of the mean of squared gradients.") @Default("0.99") @Range(min = 0, below = 1)
            double alpha,

            @Doc("Keeps the division finite.") @Default("1e-8") @Range(above = 0)
            double epsilon,

            @Doc("Weight decay, added to the gradient.") @Default("0") @Range(min = 0)
            double weightDecay,

            @Doc("The share of the last direction that is kept.") @Default("0") @Range(min = 0, below = 1)
            double momentum,

            @Doc("Whether gradients are divided by their deviation instead of their root mean square.")
            @Default("false")
            boolean centered)
            implements OptimizerSettings {}

    /** Lion: every weight moves by the learning rate, in the direction of the momentum. */
    @Named("lion")
    @Doc("Lion: every weight moves by the learning rate, in the direction of the momentum.")
    record Lion(
            @Doc("The learning rate that the schedule scales.") @Default("0.0001") @Range(min = 0)
            double learningRate,

            @Doc("The decay of the momentum that gives the direction.") @Default("0.9") @Range(min = 0, below = 1)
            double beta1,

            @Doc("The decay of the momentum that is kept.") @Default("0.99") @Range(min = 0, below = 1)
            double beta2,

            @Doc("Weight decay, taken from the weights directly.") @Default("0") @Range(min = 0)
            double weightDecay)
            implements OptimizerSettings {}

    /** Adafactor: of a matrix, second moments are kept for rows and columns only. */
    @Named("adafactor")
    @Doc("Adafactor: of a matrix, second moments are kept for rows and columns only.")
    record Adafactor(
            @Doc("The learning rate that the schedule scales.") @Default("0.01") @Range(min = 0)
            double learningRate,

            @Doc("The power of the step by which the newest gradient counts.") @Default("-0.8") @Range(below = 0)
            double decay,

            @Doc("The least root of a second moment.") @Default("1.1920929e-7") @Range(above = 0)
            double epsilon1,

            @Doc("The least root mean square of a parameter that its rate is scaled by.")
            @Default("0.001")
            @Range(min = 0)
            double epsilon2,

            @Doc("The greatest root mean square of an update; larger ones are scaled down.")
            @Default("1")
            @Range(above = 0)
            double threshold,

            @Doc("Weight decay, taken from the weights directly.") @Default("0") @Range(min = 0)
            double weightDecay)
            implements OptimizerSettings {}

    /** FTRL-proximal: rates per weight, and weights that are exactly zero. */
    @Named("ftrl")
    @Doc("FTRL-proximal: rates per weight, and weights that are exactly zero.")
    record Ftrl(
            @Doc("The learning rate that the schedule scales.") @Default("0.1") @Range(min = 0)
            double learningRate,

            @Doc("Keeps the first steps of a weight small.") @Default("1") @Range(min = 0)
            double beta,

            @Doc("Weights whose gradients sum up to less are zero.") @Default("0") @Range(min = 0)
            double l1,

            @Doc("What draws all weights to zero.") @Default("0") @Range(min = 0)
            double l2)
            implements OptimizerSettings {}
}
