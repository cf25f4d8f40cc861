package io.gradstream.config;

import io.gradstream.config.yaml.Checked;
import io.gradstream.config.yaml.Default;
import io.gradstream.config.yaml.Doc;
import io.gradstream.config.yaml.Findings;
import io.gradstream.config.yaml.OrOff;
import io.gradstream.config.yaml.Range;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How rows become steps. */
@Doc("How rows become optimizer steps.")
public record TrainingSettings(
        @Doc("The device: auto takes a CUDA card if one can be used, else the CPU.") @Default("auto")
        DeviceChoice device,

        @Doc("Threads for large operations on the CPU; how many there are changes no bit of a result.")
        @Default("1")
        @Range(min = 1, max = 64)
        int threads,

        @Doc("The seed of everything random.") @Default("0") long seed,

        @Doc("Rows per forward and backward pass.") @Default("1024") @Range(min = 1, max = 1 << 20)
        int microBatch,

        @Doc("Micro-batches per optimizer step.") @Default("1") @Range(min = 1, max = 1 << 20)
        int accumulate,

        @Doc("The longest wait for a full step before a partial one is taken; off never takes a partial one.")
        @Default("250ms")
        @OrOff
        Optional<Duration> flush,

        @Doc(
                "The number format of the matrix products; weights and sums stay in fp32. With tf32 a card rounds the operands to 11 significant bits, and a CPU computes as with fp32.")
        @Default("fp32")
        Precision precision,

        @Doc("Dynamic loss scaling; counts with fp16 only.") @Default("{}")
        LossScaleSettings lossScale,

        @Doc("The rule that turns gradients into new weights.") @Default("{type: adamw}")
        OptimizerSettings optimizer,

        @Doc("How the learning rate changes with the steps.") @Default("{type: constant}")
        ScheduleSettings schedule,

        @Doc("What keeps gradients from being too large.") @Default("off")
        ClipSettings clip,

        @Doc("When rows change the weights: at the end of a step by their mean gradient, or one row after the other"
                + " (linear models with sgd).")
        @Default("step")
        Updates updates,

        @Doc(
                "Which rows of embedding tables an optimizer updates that decays moments or weights: exact updates all of them in"
                        + " every step, as PyTorch does; lazy only those that the step's rows touched, which costs far less for large tables.")
        @Default("exact")
        Embeddings embeddings,

        @Doc("Parameters that are trained in ways of their own; a parameter belongs to the first that matches it.")
        @Default("[]")
        List<GroupSettings> groups,

        @Doc("A running average of the weights, which is published in their place.")
        Optional<AverageSettings> average,

        @Doc(
                "After how many steps activations, gradients and moments are looked at for the layers' health; 0 for never.")
        @Default("100")
        @Range(min = 0, max = 1 << 20)
        int inspectEvery,

        @Doc(
                "After how many steps training is asked why the loss does not fall, if it does not: the answers are logged and are"
                        + " events among the metrics; 0 for never.")
        @Default("1000")
        @Range(min = 0, max = 1 << 20)
        int watchEvery,

        @Doc("Noise for the gradients, after clipping and before the optimizer, against getting stuck.")
        Optional<GradientNoiseSettings> gradientNoise,

        @Doc(
                "Layers of which only the last one's output is kept for the backward pass, which computes the rest again: less memory"
                        + " for up to one more forward pass, and the same weights to the bit; 0 keeps everything.")
        @Default("0")
        @Range(min = 0, max = 1 << 20)
        int checkpointEvery,

        @Doc("The distance from which the huber loss grows linearly; counts with huber only.")
        @Default("1")
        @Range(above = 0)
        double huberDelta)
        implements Checked {
    @Override
    public void check(Findings findings) {
        if (updates == Updates.STEP) {
            return;
        }
        if (!(optimizer instanceof OptimizerSettings.Sgd sgd) || sgd.momentum() != 0) {
            findings.wrong("optimizer", "must be sgd without momentum for updates: row", optimizer);
        }
        if (average.isPresent()) {
            findings.wrong("average", "must be left out for updates: row", average.get());
        }
        if (gradientNoise.isPresent()) {
            findings.wrong("gradientNoise", "must be left out for updates: row", gradientNoise.get());
        }
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).frozen() || groups.get(i).weightDecay().isPresent()) {
                findings.wrong(
                        "groups[" + i + "]", "may only change the learning rate for updates: row", groups.get(i));
            }
        }
        if (clip instanceof ClipSettings.Value || clip instanceof ClipSettings.GroupNorm) {
            findings.wrong("clip", "must be norm or off for updates: row", clip);
        }
        if (precision != Precision.FP32) {
            findings.wrong("precision", "must be fp32 for updates: row", precision);
        }
    }
}
