package io.gradstream.config;

import io.gradstream.config.yaml.Checked;
import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Findings;
import io.gradstream.config.yaml.Later;
import io.gradstream.config.yaml.Named;
import io.gradstream.config.yaml.Range;
import io.gradstream.config.yaml.Tagged;

/** The rule that turns gradients into new weights; the formulas are PyTorch's. */
@Tagged("type")
@Later({"adagrad", "rmsprop", "lion", "adafactor", "muon", "soap", "ftrl"})
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
}
