package io.gradstream.autodiff.step;

import io.gradstream.autodiff.DType;
import io.gradstream.autodiff.nn.Architecture;
import io.gradstream.autodiff.nn.Loss;
import io.gradstream.autodiff.nn.ModelSpec;
import io.gradstream.autodiff.op.GradientNoise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Everything that fixes the arithmetic of a training step, made by a builder that knows what is usual. The loss scale counts with
 * {@link Precision#FP16} only.
 */
public record StepSpec(
        ModelSpec model,
        Loss loss,
        OptimizerSpec optimizer,
        Clip clip,
        Precision precision,
        LossScale lossScale,
        int microBatch,
        int accumulate,
        long seed,
        Updates updates,
        Embeddings embeddings,
        List<ParameterGroup> groups,
        OptionalDouble average,
        int inspectEvery,
        Optional<GradientNoise> gradientNoise,
        int checkpointEvery) {
    public StepSpec {
        groups = List.copyOf(groups);
        if (average.isPresent() && !(average.getAsDouble() >= 0 && average.getAsDouble() < 1)) {
            throw new IllegalArgumentException(
                    "decay of the average must be in [0, 1): average=" + average.getAsDouble());
        }
        if (average.isPresent() && updates == Updates.ROW) {
            throw new IllegalArgumentException("rows learn without an average: average=" + average.getAsDouble());
        }
        if (gradientNoise.isPresent() && updates == Updates.ROW) {
            throw new IllegalArgumentException("rows learn without noise: gradientNoise=" + gradientNoise.get());
        }
        if (updates == Updates.ROW) {
            requireLinearDescent(model, optimizer, clip, precision);
            requireRowLoss(loss);
            requireNoSequences(model);
            groups.forEach(StepSpec::requireRateOnly);
        }
        if (microBatch < 1 || accumulate < 1) {
            throw new IllegalArgumentException(
                    "a step must have rows: microBatch=" + microBatch + " accumulate=" + accumulate);
        }
        if (inspectEvery < 0) {
            throw new IllegalArgumentException("inspections must not go backward: inspectEvery=" + inspectEvery);
        }
        if (checkpointEvery < 0) {
            throw new IllegalArgumentException(
                    "layers kept must not be counted backward: checkpointEvery=" + checkpointEvery);
        }
        if (loss.labels() == DType.I32 && model.outputs() < 2) {
            throw new IllegalArgumentException("cross-entropy needs at least two outputs: outputs=" + model.outputs());
        }
        if (loss.labels() != DType.I32 && model.outputs() != 1) {
            throw new IllegalArgumentException(
                    "a model with one label has one output: loss=" + loss + " outputs=" + model.outputs());
        }
    }

    private static void requireLinearDescent(ModelSpec model, OptimizerSpec optimizer, Clip clip, Precision precision) {
        boolean plain = optimizer instanceof OptimizerSpec.Sgd descent && descent.momentum() == 0;
        if (!(model.architecture() instanceof Architecture.Linear)
                || model.lowRank().isPresent()
                || !plain
                || clip instanceof Clip.Value
                || precision != Precision.FP32) {
            throw new IllegalArgumentException(
                    "rows learn one after the other in linear models by sgd without momentum, in fp32, clipped by norm or not:"
                            + " architecture=" + model.architecture() + " lowRank=" + model.lowRank() + " optimizer="
                            + optimizer + " clip=" + clip
                            + " precision=" + precision);
        }
    }

    private static void requireRowLoss(Loss loss) {
        boolean plain = switch (loss) {
            case Loss.BinaryCrossEntropy(double positiveWeight) -> positiveWeight == 1;
            case Loss.CrossEntropy(double smoothing, List<Double> classWeights) ->
                smoothing == 0 && classWeights.isEmpty();
            case Loss.SquaredError(), Loss.AbsoluteError(), Loss.Huber _, Loss.Poisson() -> true;
            case Loss.Reconstruction() -> false;
        };
        if (!plain) {
            throw new IllegalArgumentException(
                    "rows learn by losses of a label, without weights and smoothing: loss=" + loss);
        }
    }

    private static void requireNoSequences(ModelSpec model) {
        if (!model.sequences().isEmpty()) {
            throw new IllegalArgumentException("rows that learn one after the other have no sequences: column="
                    + model.sequences().getFirst().name());
        }
    }

    private static void requireRateOnly(ParameterGroup group) {
        if (group.frozen() || group.weightDecay().isPresent()) {
            throw new IllegalArgumentException("groups may change only the learning rate when rows learn: match="
                    + group.match() + " frozen=" + group.frozen() + " weightDecay=" + group.weightDecay());
        }
    }

    /** What is allowed and seldom meant. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (clip instanceof Clip.GroupNorm(double maximum)) {
            warnings.add(
                    "clipping each group by its own norm changes the direction of the gradient, not only its length:"
                            + " maximum=" + maximum + " groups=" + (groups.size() + 1));
        }
        return warnings;
    }

    /** What the weighted losses of a step are divided by before backward: the number of rows of a full step. */
    public double divisor() {
        return (double) microBatch * accumulate;
    }

    /** A spec of this model, with everything else as usual: plain fp32, no clipping, steps of one micro-batch of 32 rows. */
    public static Builder of(ModelSpec model, Loss loss, OptimizerSpec optimizer) {
        return new Builder(model, loss, optimizer);
    }

    /** A builder that begins with this spec. */
    public Builder but() {
        return of(model, loss, optimizer)
                .clip(clip)
                .precision(precision)
                .lossScale(lossScale)
                .microBatch(microBatch)
                .accumulate(accumulate)
                .seed(seed)
                .updates(updates)
                .embeddings(embeddings)
                .groups(groups)
                .average(average)
                .inspectEvery(inspectEvery)
                .gradientNoise(gradientNoise)
                .checkpointEvery(checkpointEvery);
    }

    /** A spec in the making. */
    public static final class Builder {
        private final ModelSpec model;
        private final Loss loss;
        private final OptimizerSpec optimizer;
        private Clip clip = new Clip.Off();
        private Precision precision = Precision.FP32;
        private LossScale lossScale = LossScale.usual();
        private int microBatch = 32;
        private int accumulate = 1;
        private long seed;
        private Updates updates = Updates.STEP;
        private Embeddings embeddings = Embeddings.EXACT;
        private List<ParameterGroup> groups = List.of();
        private OptionalDouble average = OptionalDouble.empty();
        private int inspectEvery;
        private Optional<GradientNoise> gradientNoise = Optional.empty();
        private int checkpointEvery;

        private Builder(ModelSpec model, Loss loss, OptimizerSpec optimizer) {
            this.model = model;
            this.loss = loss;
            this.optimizer = optimizer;
        }

        public Builder clip(Clip value) {
            clip = value;
            return this;
        }

        public Builder precision(Precision value) {
            precision = value;
            return this;
        }

        public Builder lossScale(LossScale value) {
            lossScale = value;
            return this;
        }

        /** The rows of a micro-batch. */
        public Builder microBatch(int rows) {
            microBatch = rows;
            return this;
        }

        /** The micro-batches of a step. */
        public Builder accumulate(int microBatches) {
            accumulate = microBatches;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder updates(Updates value) {
            updates = value;
            return this;
        }

        public Builder embeddings(Embeddings value) {
            embeddings = value;
            return this;
        }

        /** Parameters that are trained in ways of their own. */
        public Builder groups(List<ParameterGroup> value) {
            groups = List.copyOf(value);
            return this;
        }

        /** The decay of a running average of the weights, which is what is served then. */
        public Builder average(OptionalDouble decay) {
            average = decay;
            return this;
        }

        /** After how many steps activations, gradients and moments are looked at for the health of the layers; 0 for never. */
        public Builder inspectEvery(int steps) {
            inspectEvery = steps;
            return this;
        }

        /** Noise for the gradients, after clipping and before the optimizer. */
        public Builder gradientNoise(Optional<GradientNoise> value) {
            gradientNoise = value;
            return this;
        }

        /**
         * The layers of a stretch of which backward keeps only the output and computes the rest again: less memory for at most one more
         * forward pass, and the same bits. 0 keeps everything.
         */
        public Builder checkpointEvery(int layers) {
            checkpointEvery = layers;
            return this;
        }

        public StepSpec build() {
            return new StepSpec(
                    model,
                    loss,
                    optimizer,
                    clip,
                    precision,
                    lossScale,
                    microBatch,
                    accumulate,
                    seed,
                    updates,
                    embeddings,
                    groups,
                    average,
                    inspectEvery,
                    gradientNoise,
                    checkpointEvery);
        }
    }
}
